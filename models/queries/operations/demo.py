"""Reading what the stories of the demo data go on with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.tasks import LIVE
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import SectionKind
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Section, Signature


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A signature that is asked for: whose it is, and the hash of its text."""

    signature_id: UUID
    section_id: UUID
    name: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class LiveTask:
    """A task that can be decided, with its version."""

    task_id: UUID
    version: int


def section_a_of(session: Session, enrollment_id: UUID) -> UUID:
    """The section A of an enrollment."""
    statement = select(Section.id).where(Section.enrollment_id == enrollment_id, Section.kind == SectionKind.A)
    return session.execute(statement).scalar_one()


def version_of(session: Session, section_id: UUID) -> int:
    """The version of a section's answers."""
    return session.execute(select(Section.version).where(Section.id == section_id)).scalar_one()


def unsigned(session: Session, enrollment_id: UUID) -> list[Unsigned]:
    """The signatures that an enrollment waits for."""
    statement = select(Signature).where(
        Signature.enrollment_id == enrollment_id, Signature.superseded_at.is_(None), Signature.signed_at.is_(None)
    )
    return [
        Unsigned(row.id, row.section_id, row.name, row.text_hash)
        for row in session.execute(statement.order_by(Signature.created_at)).scalars()
    ]


def live_task(session: Session, enrollment_id: UUID, kind: TaskKind) -> LiveTask:
    """The one live task of a kind."""
    statement = select(Task).where(Task.entity_id == enrollment_id, Task.kind == kind, Task.status.in_(LIVE))
    task = session.execute(statement).scalar_one()
    return LiveTask(task.id, task.version)
