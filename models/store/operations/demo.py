"""What only demo data needs: an empty database, time that moves within one transaction, and numbers that stay the same.

Works as the owner of the database only; the roles of the application and the worker may do none of it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.orm import Session

from models.store.core.clock import forget_now
from models.tables.base import Base
from models.tables.core.audit import AuditRow
from models.tables.core.kinds import REFERENCE_TABLES
from models.tables.core.processes import Process, ProcessEventRow
from models.tables.enrollment.lifecycle import Enrollment
from models.tables.identity.accounts import Account, AccountStatus
from models.tables.organizations.locations import Location

KEPT = REFERENCE_TABLES | {"program_settings"}


def is_empty(session: Session) -> bool:
    """Whether nobody has an account yet and nothing was ever done, restored or begun."""
    return not any(session.execute(select(exists().select_from(table))).scalar_one() for table in (Account, AuditRow))


def may_be_replaced(session: Session) -> bool:
    """Whether the data began as demo data here; what was brought back from a backup never counts as such."""
    demo = exists().where(AuditRow.cause_key.startswith("demo/"))
    restored = exists().where(AuditRow.action == "system.restore")
    return bool(session.execute(select(demo & ~restored)).scalar_one())


def begin_now(session: Session) -> None:
    """Let the processes of demo data begin at the true time: nobody could have seen or told them anything before."""
    now = func.db_now()
    session.execute(update(Process).values(generation_at=now, updated_at=now))
    session.execute(
        update(ProcessEventRow)
        .where(ProcessEventRow.process_id == Process.id, ProcessEventRow.number > Process.processed)
        .values(created_at=now)
        .execution_options(synchronize_session=False)
    )


def empty_database(session: Session) -> None:
    """Delete every row but the programme's settings."""
    tables = ", ".join(f'"{name}"' for name in sorted(Base.metadata.tables) if name not in KEPT)
    session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))


def set_clock(session: Session, moment: datetime | None) -> None:
    """Move the database's time for this transaction; nobody else sees it. None brings the true time back."""
    session.flush()
    forget_now(session)
    session.execute(text("DELETE FROM clock_shift"))
    if moment is not None:
        session.execute(
            text("INSERT INTO clock_shift (shift) VALUES (cast(:moment AS timestamptz) - now())"), {"moment": moment}
        )


def share_password(session: Session, *, account_id: UUID, password_hash: str) -> None:
    """Make a demo account active with a hash that it shares: a hash for each takes longer than all their stories."""
    values = {"status": AccountStatus.ACTIVE, "password_hash": password_hash, "password_changed_at": func.db_now()}
    session.execute(update(Account).where(Account.id == account_id).values(values))


def number_enrollment(session: Session, *, enrollment_id: UUID, reference: str) -> None:
    """Give a demo enrollment the reference that it always has."""
    session.get_one(Enrollment, enrollment_id).reference = reference


def number_locations(session: Session, *, enrollment_id: UUID, first: int) -> None:
    """Give the active locations of a demo organization the provider PINs that they always have."""
    org_id = session.get_one(Enrollment, enrollment_id).org_id
    active = select(Location).where(Location.org_id == org_id, Location.pin.is_not(None)).order_by(Location.name)
    for offset, location in enumerate(session.execute(active).scalars()):
        location.pin = str(first + offset)
