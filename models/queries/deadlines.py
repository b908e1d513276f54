"""Reading the deadlines that a process holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.tasks import Deadline


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """A deadline that has neither fired nor been cancelled."""

    deadline_id: UUID
    kind: str
    subject_id: UUID
    due_at: datetime


def next_deadline(session: Session, entity_id: UUID) -> DueDeadline | None:
    """The earliest deadline that an entity's process waits for."""
    statement = (
        select(Deadline)
        .where(
            Deadline.entity_id == entity_id,
            Deadline.fired_at.is_(None),
            Deadline.cancelled_at.is_(None),
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(1)
    )
    row = session.execute(statement).scalar_one_or_none()
    return DueDeadline(row.id, row.kind, row.subject_id, row.due_at) if row else None
