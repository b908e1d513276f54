"""The procedure of an enrollment: every branch, whatever was done before."""

from __future__ import annotations

from collections import Counter

import pytest

from models.domain.core.processes import ProcessEventKind
from models.domain.enrollment.kinds import EventKind, Outcome
from models.domain.enrollment.lifecycle import NextStep
from tests.temporal import eventually
from tests.workflows.people import Enrollment

GATHER = "enrollment_gather_application"
REVIEW = "enrollment_request_review"
APPROVAL = "enrollment_request_approval"
LOOK = "enrollment_look"
CLOSE = "close_process"


def test_an_enrollment_is_gathered_reviewed_approved_and_activated(enrollment):
    one = enrollment()
    one.waits_after(GATHER)
    one.decide(Outcome.SUBMITTED)
    one.waits_after(REVIEW)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)
    one.decide(Outcome.APPROVED)
    one.ends()
    assert one.facts.log == [LOOK, GATHER, REVIEW, APPROVAL, "enrollment_activate_provider", CLOSE]


def test_from_a_decision_to_the_next_task_is_one_activity(enrollment):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    before = len(one.facts.log)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)
    assert one.facts.log[before:] == [APPROVAL]


@pytest.mark.parametrize("stage", [NextStep.REVIEW, NextStep.APPROVE])
def test_a_returned_application_is_gathered_and_reviewed_again(enrollment, stage):
    one = enrollment(stage)
    one.waits_after(REVIEW if stage is NextStep.REVIEW else APPROVAL)
    one.decide(Outcome.RETURNED)
    one.waits_after(GATHER)
    one.decide(Outcome.SUBMITTED)
    one.waits_after(REVIEW, 2 if stage is NextStep.REVIEW else 1)
    assert one.facts.done("enrollment_send_back") == 1


@pytest.mark.parametrize("stage", [NextStep.REVIEW, NextStep.APPROVE])
def test_a_denied_application_ends(enrollment, stage):
    one = enrollment(stage)
    one.waits_after(REVIEW if stage is NextStep.REVIEW else APPROVAL)
    one.decide(Outcome.DENIED)
    one.ends()
    assert one.facts.log[-2:] == ["enrollment_deny", CLOSE]


@pytest.mark.parametrize(
    ("stage", "waits_after"), [(NextStep.GATHER, GATHER), (NextStep.REVIEW, REVIEW), (NextStep.APPROVE, APPROVAL)]
)
def test_it_can_be_withdrawn_at_every_stage(enrollment, stage, waits_after):
    one = enrollment(stage)
    one.waits_after(waits_after)
    one.withdraw()
    one.ends()
    assert one.facts.log[-2:] == ["enrollment_clear_away", CLOSE]


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.SIGNED, Outcome.REPLACED, Outcome.KEPT])
def test_what_applicants_and_signers_do_brings_the_tasks_in_line_again(enrollment, outcome):
    one = enrollment()
    one.waits_after(GATHER)
    one.decide(outcome)
    one.waits_after(GATHER, 2)
    assert one.facts.step is NextStep.GATHER


def test_news_that_means_nothing_to_a_stage_is_heard_and_changes_nothing(enrollment):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.publish(EventKind.SECTIONS_CHANGED)
    one.waits_after(REVIEW, 2)
    assert one.facts.step is NextStep.REVIEW


def test_a_stale_outcome_does_no_harm(enrollment):
    """Withdrawn while the reviewer's decision is on its way: the facts win."""
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    decided = one.facts.publish(ProcessEventKind.TASK_DECIDED, Outcome.RECOMMENDED, NextStep.CLEAR_AWAY)
    one.ring([decided])
    one.ends()
    assert one.facts.log[-3:] == [APPROVAL, "enrollment_clear_away", CLOSE]


@pytest.mark.parametrize(
    ("step", "first"),
    [
        (NextStep.GATHER, GATHER),
        (NextStep.REVIEW, REVIEW),
        (NextStep.APPROVE, APPROVAL),
        (NextStep.SEND_BACK, "enrollment_send_back"),
        (NextStep.ACTIVATE, "enrollment_activate_provider"),
        (NextStep.DENY, "enrollment_deny"),
        (NextStep.CLEAR_AWAY, "enrollment_clear_away"),
        (NextStep.FINISH, CLOSE),
    ],
)
def test_a_life_begins_where_the_facts_are(enrollment, step, first):
    one = enrollment(step)
    one.waits_after(first)
    assert one.facts.log[:2] == [LOOK, first]


def test_a_life_begins_with_one_activity_within_one_step(enrollment):
    """What it costs to bring ten thousand lives back is the engine's steps and activities for each."""
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    begun = kinds_of_events(one)
    assert (begun["marker_recorded"], begun["workflow_task_completed"]) == (2, 1)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)
    decided = kinds_of_events(one)
    assert (decided["marker_recorded"], decided["workflow_task_completed"]) == (3, 2)
    assert decided["activity_task_scheduled"] == 0


def kinds_of_events(one: Enrollment) -> Counter[str]:
    """What has happened to it in the engine, once its step has ended; the first marker is that of the change."""

    def at_rest() -> Counter[str]:
        events = one.time_skipping.history(one.handle).events
        kinds = Counter(event.WhichOneof("attributes").removesuffix("_event_attributes") for event in events)
        ended = kinds["workflow_task_scheduled"] == kinds["workflow_task_completed"]
        return kinds if ended else Counter()

    return eventually(at_rest)
