"""The timers of an enrollment: reminders on days 3, 7 and 14, the warning and the breach of the review clock."""

from __future__ import annotations

from datetime import timedelta

from models.domain.core.tasks import DeadlineKind, reminder_kind
from models.domain.enrollment.declares import CHASE_DAYS
from models.domain.enrollment.kinds import EventKind, Outcome
from models.domain.enrollment.lifecycle import NextStep
from tests.temporal import eventually

CHASE = "enrollment_chase"
GATHER = "enrollment_gather_application"
REVIEW = "enrollment_request_review"
CHASED = {GATHER: {reminder_kind(day): timedelta(days=day) for day in CHASE_DAYS}}
CLOCK = {REVIEW: {DeadlineKind.WARNING: timedelta(days=10.5), DeadlineKind.BREACH: timedelta(days=14)}}


def test_reminders_go_out_on_days_3_7_and_14_and_not_before(enrollment):
    one = enrollment(plan=dict(CHASED))
    one.waits_after(GATHER)
    due = {wake.kind: wake.due_at for wake in one.facts.wakes}
    one.passes(days=2.9)
    assert not one.facts.fired_at
    for days, kind in ((0.2, "reminder_3"), (4, "reminder_7"), (7, "reminder_14")):
        one.passes(days=days)
        eventually(lambda kind=kind: kind in one.facts.fired_at)
        assert due[kind] <= one.facts.fired_at[kind] < due[kind] + timedelta(minutes=5)
    assert one.facts.done(CHASE) == 3


def test_nothing_is_chased_after_the_last_reminder(enrollment):
    one = enrollment(plan=dict(CHASED))
    one.waits_after(GATHER)
    one.passes(days=15)
    eventually(lambda: one.facts.done(CHASE) == 3)
    one.passes(days=60)
    assert one.facts.done(CHASE) == 3


def test_a_signer_who_is_replaced_is_chased_from_the_start(enrollment):
    one = enrollment(plan=dict(CHASED))
    one.waits_after(GATHER)
    one.passes(days=14.1)
    eventually(lambda: one.facts.done(CHASE) == 3)
    one.facts.plan = dict(CHASED)
    one.decide(Outcome.REPLACED)
    one.waits_after(GATHER, 4)
    one.passes(days=3.1)
    eventually(lambda: one.facts.done(CHASE) == 4)


def test_the_review_clock_warns_and_then_calls_the_supervisor(enrollment):
    one = enrollment(NextStep.REVIEW, plan=dict(CLOCK))
    one.waits_after(REVIEW)
    one.passes(days=10.6)
    eventually(lambda: list(one.facts.fired_at) == [DeadlineKind.WARNING])
    one.passes(days=3.5)
    eventually(lambda: list(one.facts.fired_at) == [DeadlineKind.WARNING, DeadlineKind.BREACH])


def test_a_deadline_that_moved_is_waited_for_at_its_new_time(enrollment):
    one = enrollment(NextStep.REVIEW, plan=dict(CLOCK))
    one.waits_after(REVIEW)
    one.facts.wakes.clear()
    one.facts.plan = {REVIEW: {DeadlineKind.BREACH: timedelta(days=30)}}
    one.publish(EventKind.SECTIONS_CHANGED)
    one.waits_after(REVIEW, 2)
    one.passes(days=29)
    assert not one.facts.fired_at
    one.passes(days=1.1)
    eventually(lambda: list(one.facts.fired_at) == [DeadlineKind.BREACH])


def test_a_decision_stops_the_clock(enrollment):
    one = enrollment(NextStep.REVIEW, plan=dict(CLOCK))
    one.waits_after(REVIEW)
    one.facts.wakes.clear()
    one.decide(Outcome.RECOMMENDED)
    one.waits_after("enrollment_request_approval")
    one.passes(days=60)
    assert one.facts.done(CHASE) == 0
