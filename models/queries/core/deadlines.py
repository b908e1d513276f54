"""Reading the deadlines that a process holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.tables.core.tasks import Deadline


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """A deadline that has neither fired nor been cancelled."""

    deadline_id: UUID
    kind: str
    subject_id: UUID
    due_at: datetime


NEXT = (
    select(Deadline.id, Deadline.kind, Deadline.subject_id, Deadline.due_at)
    .where(
        Deadline.process_id == bindparam("process_id"),
        Deadline.fired_at.is_(None),
        Deadline.cancelled_at.is_(None),
    )
    .order_by(Deadline.due_at, Deadline.id)
    .limit(1)
)
"""Built once: every effect of a process asks it."""


def next_deadline(session: Session, process_id: UUID) -> DueDeadline | None:
    """The earliest deadline that a process waits for."""
    row = session.execute(NEXT, {"process_id": process_id}).one_or_none()
    return DueDeadline(*row) if row else None


def subjects_passed(session: Session, process_id: UUID, *, kind: str, subject_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these subjects of a process whose deadline of a kind has fired."""
    statement = select(Deadline.subject_id).where(
        Deadline.process_id == process_id,
        Deadline.subject_id.in_(subject_ids),
        Deadline.kind == kind,
        Deadline.fired_at.is_not(None),
    )
    return frozenset(session.execute(statement).scalars())
