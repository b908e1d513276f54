"""Where a life of the process of an enrollment begins: people are asked for what the facts want (E3, E8, E10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.actors import Actor
from models.domain.enrollment.lifecycle import NextStep
from models.queries.enrollment.process import step_of
from models.store.enrollment.gathering import ask_applicant
from models.store.enrollment.review import ask_approver, ask_reviewer
from models.store.enrollment.rows import lock_enrollment

ASKS_PEOPLE = {
    NextStep.GATHER: ask_applicant,
    NextStep.REVIEW: ask_reviewer,
    NextStep.APPROVE: ask_approver,
}
"""What a stage that waits for people asks of them. Asking again changes nothing."""


def take_up(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Learn what comes next and, where people have to do it, ask them; returns what comes next."""
    return _ask(session, enrollment_id, ASKS_PEOPLE, as_of=as_of, by=by)


def gather_application(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Ask the applicant and those who sign for what is missing; returns what comes next."""
    return _ask(session, enrollment_id, {NextStep.GATHER}, as_of=as_of, by=by)


def request_review(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Ask for a review of the submission; returns what comes next."""
    return _ask(session, enrollment_id, {NextStep.REVIEW}, as_of=as_of, by=by)


def request_approval(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Ask a second person for approval; returns what comes next."""
    return _ask(session, enrollment_id, {NextStep.APPROVE}, as_of=as_of, by=by)


def _ask(
    session: Session, enrollment_id: UUID, stages: Collection[NextStep], *, as_of: datetime, by: Actor
) -> NextStep:
    """Ask people, when the facts stand at one of the stages."""
    enrollment = lock_enrollment(session, enrollment_id)
    step = step_of(session, enrollment)
    if step in stages:
        ASKS_PEOPLE[step](session, enrollment, as_of=as_of, by=by)
    return step
