"""Reading the deadlines that a process holds."""

from __future__ import annotations

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
