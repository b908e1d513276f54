"""Human tasks, and the deadlines that processes hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    and_,
    any_,
    or_,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

import models.tables.core.kinds  # noqa: F401 - referred to by name, in whatever process this is used
from models.domain.core.tasks import LIVE, TaskStatus
from models.tables.base import Base, CreatedAt, Id, one_of

LIVE_STATUS = "status IN ('open', 'claimed')"


class Task(Base):
    """Something a person is asked to do; decided once, by the transaction that holds its row.

    Asked are the holders of `candidate_role`, or the account `candidate_account_id`; with neither, whoever holds the
    link that its kind names. A task about no organization has no `org_id`.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        one_of("status", TaskStatus),
        CheckConstraint("(status = 'done') = (outcome IS NOT NULL)", name="done_has_outcome"),
        CheckConstraint(
            "status <> 'claimed' OR assignee_id IS NOT NULL",
            name="claimed_has_assignee",
        ),
        CheckConstraint(
            "candidate_account_id IS NULL OR (candidate_role IS NULL AND team IS NULL)",
            name="one_account_or_a_role",
        ),
        ForeignKeyConstraint(["kind", "outcome"], ["task_outcomes.task_kind", "task_outcomes.outcome"]),
        Index(
            "uq_tasks_live_in_process",
            "process_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text(LIVE_STATUS),
        ),
        Index(
            "ix_tasks_team_inbox",
            "team",
            "candidate_role",
            "due_at",
            "id",
            postgresql_where=text(LIVE_STATUS),
        ),
        Index(
            "ix_tasks_team_news",
            "team",
            "candidate_role",
            "opened_at",
            postgresql_where=text(LIVE_STATUS),
        ),
        Index(
            "ix_tasks_org_inbox",
            "org_id",
            "due_at",
            "id",
            postgresql_where=text(LIVE_STATUS),
        ),
        Index(
            "ix_tasks_location_inbox",
            "location_id",
            "due_at",
            "id",
            postgresql_where=text(LIVE_STATUS),
        ),
        Index(
            "ix_tasks_account_inbox",
            "candidate_account_id",
            "due_at",
            "id",
            postgresql_where=text(LIVE_STATUS),
        ),
        Index(
            "ix_tasks_assignee",
            "assignee_id",
            "due_at",
            "id",
            postgresql_where=text(LIVE_STATUS),
        ),
        Index("ix_tasks_decided_by", "decided_by", "decided_at"),
    )

    id: Mapped[Id]
    process_id: Mapped[UUID] = mapped_column(ForeignKey("processes.id"), index=True)
    kind: Mapped[str] = mapped_column(ForeignKey("task_kinds.name"))
    entity_type: Mapped[str] = mapped_column(ForeignKey("entity_types.name"))
    entity_id: Mapped[UUID] = mapped_column(index=True)
    subject_id: Mapped[UUID]
    org_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("locations.id"))
    team: Mapped[str | None] = mapped_column(ForeignKey("teams.name"))
    candidate_role: Mapped[str | None]
    candidate_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    excluded: Mapped[list[UUID]] = mapped_column(ARRAY(postgresql.UUID(as_uuid=True)), default=list)
    title_values: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    status: Mapped[str] = mapped_column(default=TaskStatus.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    claimed_at: Mapped[datetime | None]
    claim_ends_at: Mapped[datetime | None]
    opened_at: Mapped[CreatedAt]
    due_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None]
    opening_key: Mapped[str] = mapped_column(unique=True)
    cause_key: Mapped[str | None] = mapped_column(unique=True)


LIVE_TASK = Task.status.in_([str(status) for status in LIVE])


def unheld(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Live, and in nobody's hands: never claimed, or the claim has ended by itself."""
    return and_(LIVE_TASK, or_(Task.status == TaskStatus.OPEN, Task.claim_ends_at <= now))


def open_to(account_id: ColumnElement[UUID], involved_orgs: ColumnElement[Sequence[UUID]]) -> ColumnElement[bool]:
    """Not closed to this person by `models.domain.core.tasks.refusal`: neither excluded nor of the organization."""
    excluded = account_id == any_(Task.excluded)
    involved = and_(Task.team.is_not(None), Task.org_id.is_not(None), Task.org_id == any_(involved_orgs))
    return and_(~excluded, ~involved)


class Deadline(Base):
    """A moment at which a process does something by itself: a fact with an absolute time."""

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("uq_deadlines_in_process", "process_id", "subject_id", "kind", "due_at", unique=True),
        Index(
            "ix_deadlines_next",
            "process_id",
            "due_at",
            postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    process_id: Mapped[UUID] = mapped_column(ForeignKey("processes.id"))
    entity_type: Mapped[str] = mapped_column(ForeignKey("entity_types.name"))
    entity_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(ForeignKey("deadline_kinds.name"))
    subject_id: Mapped[UUID]
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
