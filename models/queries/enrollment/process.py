"""Reading what the process of an enrollment goes by: the decisions, and what comes next."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.enrollment.kinds import ProcessKind, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentState, NextStep, next_step
from models.queries.core import processes
from models.tables.enrollment.lifecycle import Decision, Enrollment


def process_of(session: Session, enrollment_id: UUID) -> UUID:
    """The process of an enrollment."""
    return processes.process_of(session, kind=ProcessKind.PROVIDER_ENROLLMENT, entity_id=enrollment_id)


def next_step_of(session: Session, enrollment_id: UUID) -> NextStep:
    """What the facts say comes next for an enrollment."""
    return step_of(session, session.get_one(Enrollment, enrollment_id, populate_existing=True))


def step_of(session: Session, enrollment: Enrollment) -> NextStep:
    """What comes next for an enrollment that was read, and locked, in this transaction."""
    decided = decisions_of(session, enrollment)
    return next_step(
        EnrollmentState(enrollment.state),
        reviewed=_outcome(decided.get(TaskKind.REVIEW_ENROLLMENT)),
        approved=_outcome(decided.get(TaskKind.APPROVE_ENROLLMENT)),
        cleared=enrollment.cleared_at is not None,
    )


def decisions_of(session: Session, enrollment: Enrollment) -> dict[str, Decision]:
    """The decisions about the present submission of an enrollment."""
    statement = select(Decision).where(
        Decision.enrollment_id == enrollment.id, Decision.submission == enrollment.submission
    )
    return {decision.kind: decision for decision in session.execute(statement).scalars()}


def _outcome(decision: Decision | None) -> str | None:
    return decision.outcome if decision else None
