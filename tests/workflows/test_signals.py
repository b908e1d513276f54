"""News: repeated, late, in disorder, with gaps, made up, and told at the very end; and the lives of a process."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from temporalio.exceptions import ApplicationError

from deploy.local.servers.temporal import TemporalServer
from models.domain.core.process_steps import CLOSE_PROCESS, READ_EVENTS
from models.domain.core.processes import ProcessEvent, ProcessEventKind
from models.domain.enrollment.kinds import EventKind, Outcome
from models.domain.enrollment.lifecycle import NextStep
from tests.temporal import TimeSkipping, eventually, fresh_queue
from tests.workflows.facts import Facts
from tests.workflows.people import Enrollment
from workflows.enrollment import ProviderEnrollment
from workflows.support import policies

GATHER = "enrollment_gather_application"
REVIEW = "enrollment_request_review"
APPROVAL = "enrollment_request_approval"


def test_news_that_is_repeated_is_heard_once(enrollment):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    decided = one.facts.publish(ProcessEventKind.TASK_DECIDED, Outcome.RECOMMENDED, NextStep.APPROVE)
    for _ in range(3):
        one.ring([one.facts.news[0], decided])
    one.waits_after(APPROVAL)
    one.ring([decided])
    one.decide(Outcome.APPROVED)
    one.ends()
    assert one.facts.done(APPROVAL) == 1


def test_a_gap_is_filled_from_the_list(enrollment):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.facts.publish(EventKind.SECTIONS_CHANGED)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)
    assert one.facts.done(READ_EVENTS) == 1


def test_news_in_disorder_is_heard_in_order(enrollment):
    one = enrollment()
    one.waits_after(GATHER)
    published = [one.facts.publish(EventKind.SECTIONS_CHANGED) for _ in range(3)]
    published.append(one.facts.publish(ProcessEventKind.TASK_DECIDED, Outcome.SUBMITTED, NextStep.REVIEW))
    one.ring(list(reversed(published)))
    one.waits_after(REVIEW)


def test_made_up_news_has_no_effect(enrollment):
    """A signal that names a decision nobody made, with a number that was never told."""
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.ring([ProcessEvent(7, ProcessEventKind.TASK_DECIDED, {}, Outcome.APPROVED)])
    eventually(lambda: one.facts.done(READ_EVENTS) == 1)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)
    assert one.facts.done("enrollment_activate_provider") == 0


def test_O5_a_made_up_next_number_does_not_make_it_deaf(enrollment):
    """A signal with the number that comes next; then somebody really decides, and that has the same number."""
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.ring([ProcessEvent(2, EventKind.SECTIONS_CHANGED)])
    eventually(lambda: one.facts.done(REVIEW) == 2)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)


def test_O5_made_up_numbers_in_a_row_do_not_make_it_deaf(enrollment):
    one = enrollment()
    one.waits_after(GATHER)
    one.ring([ProcessEvent(number, ProcessEventKind.TASK_DECIDED, {}, Outcome.APPROVED) for number in (2, 3, 4, 9)])
    eventually(lambda: one.facts.done(READ_EVENTS) >= 1)
    one.decide(Outcome.SUBMITTED)
    one.waits_after(REVIEW)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)
    assert one.facts.step is NextStep.APPROVE, "the made-up approval changed no fact"


@pytest.mark.parametrize("rubbish", [["rubbish"], {"number": "x"}, [{"number": 2, "kind": 7}], 7])
def test_a_signal_that_makes_no_sense_is_dropped(enrollment, rubbish):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.time_skipping.do(one.handle.signal("ring", rubbish))
    one.time_skipping.do(one.handle.signal("no_such_bell", rubbish))
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)


def test_an_event_of_a_kind_that_a_newer_version_publishes_is_processed(enrollment):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.publish("of_a_newer_version")
    one.waits_after(REVIEW, 2)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)


def test_what_is_told_at_the_last_moment_is_heard_before_the_end(enrollment):
    one = enrollment(NextStep.ACTIVATE, begin=False)

    def told_while_closing(name: str, _turn: object) -> None:
        if name == CLOSE_PROCESS and len(one.facts.news) == 1:
            one.facts.publish(EventKind.SECTIONS_CHANGED)

    one.facts.before = told_while_closing
    one.begin()
    one.ends()
    assert one.facts.processed == 2
    assert one.facts.log[-3:] == [CLOSE_PROCESS, "enrollment_look", CLOSE_PROCESS]


def test_an_older_life_ends_quietly_and_does_nothing(enrollment):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.facts.ref = replace(one.facts.ref, generation=2)
    before = list(one.facts.log)
    one.decide(Outcome.RECOMMENDED)
    one.time_skipping.do(one.handle.result())
    assert one.facts.log == before


def test_a_new_life_goes_on_where_the_facts_are_and_repeats_nothing(enrollment):
    one = enrollment(NextStep.REVIEW)
    one.waits_after(REVIEW)
    one.time_skipping.do(one.handle.terminate())
    one.facts.ref = replace(one.facts.ref, generation=2)
    one.facts.publish(ProcessEventKind.TASK_DECIDED, Outcome.RECOMMENDED, NextStep.APPROVE)
    one.facts.publish(ProcessEventKind.REBUILT)
    before = len(one.facts.log)
    one.begin(processed=one.facts.processed)
    one.waits_after(APPROVAL)
    assert one.facts.log[before:] == ["enrollment_look", APPROVAL]


def test_a_refused_effect_is_asked_again_after_a_rest(enrollment):
    one = enrollment(NextStep.REVIEW, begin=False)
    refused = []

    def refused_once(name: str, _turn: object) -> None:
        if name == REVIEW and not refused:
            refused.append(name)
            raise ApplicationError("wrong_state", type="wrong_state", non_retryable=True)

    one.facts.before = refused_once
    one.begin()
    eventually(lambda: refused)
    one.passes(seconds=61)
    one.waits_after(REVIEW)
    assert one.facts.done("enrollment_look") == 2


def test_a_failing_effect_is_tried_until_it_is_done(enrollment):
    one = enrollment(NextStep.REVIEW, begin=False)
    failures = iter([True, True])

    def fails_twice(name: str, _turn: object) -> None:
        if name == REVIEW and next(failures, False):
            raise ConnectionError("database is away")

    one.facts.before = fails_twice
    one.begin()
    one.waits_after(REVIEW)
    events = one.time_skipping.history(one.handle).events
    rests = [event for event in events if event.HasField("timer_fired_event_attributes")]
    assert len(rests) == 2, "between its tries it holds no place of the worker"


def test_a_long_life_continues_as_a_new_run_and_loses_no_news(tmp_path):
    """The server's hint comes early here, at 30 events."""
    limits = {"limit.historyCount.suggestContinueAsNew": "30"}
    facts, queue = Facts(), fresh_queue()
    with (
        TemporalServer(tmp_path / "t.db", limits=limits) as server,
        closing(TimeSkipping(server.address)) as time_skipping,
    ):
        one = Enrollment(time_skipping, facts, queue)
        with time_skipping.working([ProviderEnrollment], facts.activities(), task_queue=queue):
            one.begin()
            one.waits_after(GATHER)
            for _ in range(12):
                one.publish(EventKind.SECTIONS_CHANGED)
                eventually(lambda: facts.processed == len(facts.news))
            assert one.run_id() != one.handle.first_execution_run_id
            one.decide(Outcome.SUBMITTED)
            one.waits_after(REVIEW)


def test_the_procedure_is_the_same_with_nothing_kept_in_memory(time_skipping):
    """With a cache of none each step replays the whole history: what is not repeatable shows."""
    one = Enrollment(time_skipping, Facts(), fresh_queue())
    working = time_skipping.working(
        [ProviderEnrollment], one.facts.activities(), task_queue=one.queue, cached_processes=0
    )
    with working:
        one.begin()
        one.waits_after(GATHER)
        for outcome, then in (
            (Outcome.SUBMITTED, REVIEW),
            (Outcome.RECOMMENDED, APPROVAL),
            (Outcome.APPROVED, "enrollment_activate_provider"),
        ):
            one.decide(outcome)
            eventually(lambda then=then: one.facts.done(then))
        one.ends()


def test_the_limits_leave_room_before_the_engines_own():
    assert policies.LONG_HISTORY < 4_096
    assert policies.UNTIL_DONE.maximum_attempts == 0
