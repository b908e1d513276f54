"""The kinds, states and outcomes that exist: rows that migrations add from the capabilities' declarations.

They are never changed and never removed, so that what was stored under a name keeps it. A new kind is an INSERT,
not another CHECK of a large table.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class KnownEntityType(Base):
    """What a process can be about."""

    __tablename__ = "entity_types"

    name: Mapped[str] = mapped_column(primary_key=True)


class KnownProcessKind(Base):
    """A kind of durable process."""

    __tablename__ = "process_kinds"

    name: Mapped[str] = mapped_column(primary_key=True)
    entity_type: Mapped[str] = mapped_column(ForeignKey("entity_types.name"))


class KnownProcessState(Base):
    """A state of what a kind of process is about; `final` when the process is over in it."""

    __tablename__ = "process_states"

    process_kind: Mapped[str] = mapped_column(ForeignKey("process_kinds.name"), primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    final: Mapped[bool]


class KnownEventKind(Base):
    """What a process can be told."""

    __tablename__ = "process_event_kinds"

    name: Mapped[str] = mapped_column(primary_key=True)


class KnownTaskKind(Base):
    """What a person can be asked to do."""

    __tablename__ = "task_kinds"

    name: Mapped[str] = mapped_column(primary_key=True)


class KnownOutcome(Base):
    """How a kind of task can be decided."""

    __tablename__ = "task_outcomes"

    task_kind: Mapped[str] = mapped_column(ForeignKey("task_kinds.name"), primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)


class KnownDeadlineKind(Base):
    """What can happen by itself at a moment."""

    __tablename__ = "deadline_kinds"

    name: Mapped[str] = mapped_column(primary_key=True)


class KnownLinkPurpose(Base):
    """What a mailed link can be for."""

    __tablename__ = "link_purposes"

    name: Mapped[str] = mapped_column(primary_key=True)


class KnownTeam(Base):
    """A team of state staff."""

    __tablename__ = "teams"

    name: Mapped[str] = mapped_column(primary_key=True)


REFERENCE_TABLES = frozenset(
    known.__tablename__
    for known in (
        KnownEntityType,
        KnownProcessKind,
        KnownProcessState,
        KnownEventKind,
        KnownTaskKind,
        KnownOutcome,
        KnownDeadlineKind,
        KnownLinkPurpose,
        KnownTeam,
    )
)
"""Tables whose rows belong to the schema and not to the facts: emptying a database leaves them alone."""
