"""Where a life of the process of an enrollment begins: people are asked for what the facts want (E3, E8, E10)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from models.domain.enrollment.lifecycle import NextStep
from models.queries.enrollment.process import step_of
from models.store.core.act import Act
from models.store.enrollment.gathering import ask_applicant
from models.store.enrollment.review import ask_approver, ask_reviewer
from models.store.enrollment.rows import lock_enrollment

ASKS_PEOPLE = {
    NextStep.GATHER: ask_applicant,
    NextStep.REVIEW: ask_reviewer,
    NextStep.APPROVE: ask_approver,
}
"""What a stage that waits for people asks of them. Asking again changes nothing."""


def take_up(act: Act, *, enrollment_id: UUID) -> NextStep:
    """Learn what comes next and, where people have to do it, ask them; returns what comes next."""
    return _ask(act, enrollment_id, ASKS_PEOPLE)


def gather_application(act: Act, *, enrollment_id: UUID) -> NextStep:
    """Ask the applicant and those who sign for what is missing; returns what comes next."""
    return _ask(act, enrollment_id, {NextStep.GATHER})


def request_review(act: Act, *, enrollment_id: UUID) -> NextStep:
    """Ask for a review of the submission; returns what comes next."""
    return _ask(act, enrollment_id, {NextStep.REVIEW})


def request_approval(act: Act, *, enrollment_id: UUID) -> NextStep:
    """Ask a second person for approval; returns what comes next."""
    return _ask(act, enrollment_id, {NextStep.APPROVE})


def _ask(act: Act, enrollment_id: UUID, stages: Collection[NextStep]) -> NextStep:
    """Ask people, when the facts stand at one of the stages."""
    enrollment = lock_enrollment(act.session, enrollment_id)
    step = step_of(act.session, enrollment)
    if step in stages:
        ASKS_PEOPLE[step](act, enrollment)
    return step
