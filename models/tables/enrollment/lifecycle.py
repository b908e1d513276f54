"""A provider organization's enrollment: sections, signatures, decisions and notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import models.tables.core.kinds  # noqa: F401 - referred to by name, in whatever process this is used
from models.domain.core.lifecycle import Lifecycle
from models.domain.enrollment.lifecycle import (
    LIFECYCLE,
    EnrollmentAction,
    EnrollmentState,
    SectionKind,
    SectionState,
    SignerRole,
)
from models.tables.base import Base, CreatedAt, Id, one_of
from models.tables.core.lifecycle import Stateful


class EnrollmentStart(Base):
    """A wish to enroll that its email address has not confirmed yet."""

    __tablename__ = "enrollment_starts"
    __table_args__ = (Index("ix_enrollment_starts_email", "email", "created_at"),)

    id: Mapped[Id]
    organization_name: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[CreatedAt]
    enrollment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrollments.id"))


class Enrollment(Base, Stateful):
    """One application of an organization to the programme; `submission` counts from 1 with each return."""

    lifecycle: ClassVar[Lifecycle[EnrollmentState, EnrollmentAction]] = LIFECYCLE

    __tablename__ = "enrollments"
    __table_args__ = (
        one_of("state", EnrollmentState),
        Index(
            "uq_enrollments_live",
            "org_id",
            unique=True,
            postgresql_where=text("state NOT IN ('denied', 'withdrawn')"),
        ),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=EnrollmentState.DRAFT)
    state_since: Mapped[CreatedAt]
    submission: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime | None]
    review_due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None]
    cleared_at: Mapped[datetime | None]
    admin_account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[CreatedAt]


class Section(Base):
    """Section A of an organization or section B of a location; `version` guards against stale saves.

    `turn` counts how often it was opened for editing, `coordinator_turn` the coordinators who were
    asked, `chase` how often the coordinator's chase began: tasks are named by them.
    """

    __tablename__ = "sections"
    __table_args__ = (
        one_of("kind", SectionKind),
        one_of("state", SectionState),
        CheckConstraint("(kind = 'B') = (location_id IS NOT NULL)", name="b_has_location"),
        UniqueConstraint("enrollment_id", "kind", "location_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Id]
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("locations.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=SectionState.DRAFT)
    state_since: Mapped[CreatedAt]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    turn: Mapped[int] = mapped_column(default=1)
    chase: Mapped[int] = mapped_column(default=1)
    coordinator_name: Mapped[str | None]
    coordinator_email: Mapped[str | None]
    coordinator_language: Mapped[str] = mapped_column(default="en")
    coordinator_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    coordinator_turn: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class Signature(Base):
    """A request to sign one text, bound to signer and text; `text_hash` is of what the signer is shown.

    `chase` counts how often the chase after this signer began.
    """

    __tablename__ = "signatures"
    __table_args__ = (
        one_of("role", SignerRole),
        CheckConstraint("signed_at IS NULL OR signed_name IS NOT NULL", name="signed_has_name"),
        Index(
            "uq_signatures_live",
            "section_id",
            "role",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    section_id: Mapped[UUID] = mapped_column(ForeignKey("sections.id"), index=True)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
    text_hash: Mapped[str]
    text: Mapped[dict[str, Any]] = mapped_column(JSONB)
    signed_name: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    chase: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]


class Decision(Base):
    """What a reviewer or an approver decided about one submission."""

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(["kind", "outcome"], ["task_outcomes.task_kind", "task_outcomes.outcome"]),
        UniqueConstraint("enrollment_id", "submission", "kind"),
        UniqueConstraint("task_id"),
    )

    id: Mapped[Id]
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollments.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    submission: Mapped[int]
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    outcome: Mapped[str]
    reason: Mapped[str | None]
    kind: Mapped[str]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[CreatedAt]


class ReturnNote(Base):
    """Why one field was returned for correction."""

    __tablename__ = "return_notes"

    id: Mapped[Id]
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), index=True)
    section_id: Mapped[UUID] = mapped_column(ForeignKey("sections.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    field: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[CreatedAt]


class ReturnReply(Base):
    """What the applicant answered to a note; the newest counts."""

    __tablename__ = "return_replies"

    id: Mapped[Id]
    note_id: Mapped[UUID] = mapped_column(ForeignKey("return_notes.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    reply: Mapped[str]
    replied_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[CreatedAt]
