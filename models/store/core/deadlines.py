"""Deadlines: facts with an absolute time, fired once by the process that holds them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.postgres.write_behind import write_later
from models.tables.core.processes import Process
from models.tables.core.tasks import Deadline

_CANCEL = (
    update(Deadline)
    .where(Deadline.process_id == bindparam("of_process"), Deadline.subject_id == bindparam("of_subject"))
    .where(Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None))
    .values(cancelled_at=func.db_now())
)


def set_deadline(session: Session, *, process_id: UUID, kind: str, subject_id: UUID, due_at: datetime) -> None:
    """Set a deadline of a process; setting the same one again changes nothing."""
    process = session.get_one(Process, process_id)
    statement = insert(Deadline).values(
        process_id=process_id,
        entity_type=process.entity_type,
        entity_id=process.entity_id,
        kind=kind,
        subject_id=subject_id,
        due_at=due_at,
    )
    write_later(session, statement.on_conflict_do_nothing())


def cancel_deadlines(session: Session, *, process_id: UUID, subject_id: UUID, kind: str | None = None) -> None:
    """Cancel what has not fired for a subject of one process; another process about the same thing keeps its own."""
    values = {"of_process": process_id, "of_subject": subject_id}
    write_later(session, _CANCEL if kind is None else _CANCEL.where(Deadline.kind == kind), values)


def fire_deadline(session: Session, *, deadline_id: UUID, as_of: datetime) -> Deadline | None:
    """Mark a deadline as fired; None when it already was, or was cancelled meanwhile."""
    statement = (
        update(Deadline)
        .where(
            Deadline.id == deadline_id,
            Deadline.fired_at.is_(None),
            Deadline.cancelled_at.is_(None),
        )
        .values(fired_at=as_of)
        .returning(Deadline)
    )
    return session.execute(statement).scalar_one_or_none()
