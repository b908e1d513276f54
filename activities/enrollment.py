"""The effects of the process of an enrollment: each one transaction, each harmless when repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session
from temporalio import activity

from activities.core.runtime import run_step
from models.domain.core.actors import process as process_actor
from models.domain.core.process_steps import StepRequest, StepResult
from models.domain.enrollment.lifecycle import ASKS_PEOPLE, NextStep
from models.store.core.act import Act
from models.store.enrollment import chase as enrollment_chase
from models.store.enrollment.stages import take_step


@activity.defn(name="enrollment_look")
def look(turn: StepRequest) -> StepResult:
    """What the facts ask for next; where that is up to people, they are asked in the same transaction."""
    return run_step(turn, _take(turn, *ASKS_PEOPLE), waits_in=ASKS_PEOPLE)


@activity.defn(name="enrollment_gather_application")
def gather_application(turn: StepRequest) -> StepResult:
    """Keep the applicant's tasks, invitations and signature requests in line with the facts."""
    return run_step(turn, _take(turn, NextStep.GATHER), waits_in={NextStep.GATHER})


@activity.defn(name="enrollment_request_review")
def request_review(turn: StepRequest) -> StepResult:
    """Open the reviewer's task and start the clock of review."""
    return run_step(turn, _take(turn, NextStep.REVIEW), waits_in={NextStep.REVIEW})


@activity.defn(name="enrollment_request_approval")
def request_approval(turn: StepRequest) -> StepResult:
    """Open the approver's task, closed to the person who reviewed."""
    return run_step(turn, _take(turn, NextStep.APPROVE), waits_in={NextStep.APPROVE})


@activity.defn(name="enrollment_chase")
def chase(turn: StepRequest) -> StepResult:
    """Do what a deadline asks for: remind, let the applicant name another signer, warn, or report the breach."""

    def fire(session: Session) -> str:
        assert turn.deadline_id is not None
        deadline_id = UUID(turn.deadline_id)
        return enrollment_chase.fire(_act_of(session, turn), deadline_id=deadline_id)

    return run_step(turn, fire)


@activity.defn(name="enrollment_send_back")
def send_back(turn: StepRequest) -> StepResult:
    """Give the application back to the applicant, with the reasons."""
    return run_step(turn, _take(turn, NextStep.SEND_BACK))


@activity.defn(name="enrollment_activate_provider")
def activate_provider(turn: StepRequest) -> StepResult:
    """Approve: the locations become active and get their PINs, and everybody concerned hears of it."""
    return run_step(turn, _take(turn, NextStep.ACTIVATE))


@activity.defn(name="enrollment_deny")
def deny_enrollment(turn: StepRequest) -> StepResult:
    """Deny, with the reason."""
    return run_step(turn, _take(turn, NextStep.DENY))


@activity.defn(name="enrollment_clear_away")
def clear_away(turn: StepRequest) -> StepResult:
    """Take back what a withdrawn application has left: tasks, links and deadlines."""
    return run_step(turn, _take(turn, NextStep.CLEAR_AWAY))


EFFECTS: Mapping[NextStep, Callable[[StepRequest], StepResult]] = {
    NextStep.GATHER: gather_application,
    NextStep.REVIEW: request_review,
    NextStep.APPROVE: request_approval,
    NextStep.SEND_BACK: send_back,
    NextStep.ACTIVATE: activate_provider,
    NextStep.DENY: deny_enrollment,
    NextStep.CLEAR_AWAY: clear_away,
}
"""The activity of each step; their names stand in recorded histories."""


def _take(turn: StepRequest, *steps: NextStep) -> Callable[[Session], NextStep]:
    """Takes the step that the facts ask for, where it is one of these."""
    enrollment_id = UUID(turn.ref.entity_id)
    return lambda session: take_step(_act_of(session, turn), enrollment_id=enrollment_id, steps=steps)


def _act_of(session: Session, turn: StepRequest) -> Act:
    return Act(session, process_actor(UUID(turn.ref.process_id)), as_of=turn.as_of)
