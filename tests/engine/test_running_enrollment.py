"""Whole lives on real parts: people in PostgreSQL, the relay, the worker, Temporal with skipped time."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from models.domain.core.actors import SYSTEM, person
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import NextStep
from models.domain.records.notes import FieldNote
from models.postgres.database import transaction
from models.queries.operations.invariants import check_invariants
from models.store.core.act import Act
from models.store.enrollment.decisions import withdraw_enrollment
from models.store.operations.rebuild import rebuild_processes
from models.tables.core.messages import Message
from models.tables.core.tasks import Deadline
from tests.engine.chaos import Chaos
from tests.engine.running import LivingStory, alive
from tests.temporal import eventually


def mails(story: LivingStory) -> Counter[str]:
    return Counter(story.read(lambda session: session.execute(select(Message.template)).scalars().all()))


def to_the_review(database) -> LivingStory:
    story = LivingStory(database)
    story.apply()
    return story


def ended(story: LivingStory) -> bool:
    return eventually(lambda: not story.row().open, within=20)


def hurt(story: LivingStory) -> list[tuple[str, str]]:
    """The invariants that do not hold; seals and the census belong to loops that do not run here."""
    findings = story.read(check_invariants)
    return [(one.id, one.says) for one in findings if one.violations and one.id not in ("I14", "I9")]


def test_from_the_wish_to_active_locations(time_skipping, database):
    with alive(time_skipping, database):
        story = to_the_review(database)
        story.decide(story.reviewer(), Outcome.RECOMMENDED)
        story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
        assert ended(story)
    assert mails(story)["enrollment_approved"] == mails(story)["location_active"] == 1
    assert hurt(story) == []


def test_returned_corrected_and_denied(time_skipping, database):
    with alive(time_skipping, database):
        story = to_the_review(database)
        notes = [FieldNote(story.section().id, "zip", "This ZIP code is not in Watauga County.")]
        story.decide(story.reviewer(), Outcome.RETURNED, reason="One thing.", notes=notes)
        story.save(story.section().id, {"zip": "28608"})
        story.complete(story.section().id)
        story.process()
        story.sign_all()
        story.submit()
        story.decide(story.reviewer("rev2@state.example"), Outcome.DENIED, reason="Not a provider.")
        assert ended(story)
    assert hurt(story) == []


@pytest.mark.parametrize("reach", ["gathering", "review", "approval"])
def test_withdrawn_at_any_time(time_skipping, database, reach):
    with alive(time_skipping, database):
        if reach == "gathering":
            story = LivingStory(database)
            story.fill_in()
        else:
            story = to_the_review(database)
        if reach == "approval":
            story.decide(story.reviewer(), Outcome.RECOMMENDED)
        story.act(
            lambda session, key: withdraw_enrollment(
                Act(session, person(story.admin), key), enrollment_id=story.id, reason=""
            )
        )
        assert ended(story)
    assert story.tasks() == []
    assert hurt(story) == []


def test_signers_are_chased_and_then_somebody_else_can_be_named(time_skipping, database):
    with alive(time_skipping, database):
        story = LivingStory(database)
        story.fill_in()
        handle = time_skipping.client.get_workflow_handle(story.workflow_id())
        for days, reminders in ((3.1, 3), (4, 6), (7, 9)):
            time_skipping.pass_time(handle, days=days)
            eventually(lambda reminders=reminders: mails(story)["sign_reminder"] == reminders)
        eventually(lambda: len(story.tasks(TaskKind.NAME_ANOTHER_SIGNER)) >= 1)
    assert hurt(story) == []


def test_the_review_clock_warns_and_calls_the_supervisor(time_skipping, database):
    with alive(time_skipping, database):
        story = to_the_review(database)
        story.reviewer()
        due = story.read(lambda session: session.execute(select(Deadline.kind, Deadline.due_at)).all())
        handle = time_skipping.client.get_workflow_handle(story.workflow_id())
        time_skipping.pass_time(handle, days=20)
        eventually(lambda: story.tasks(TaskKind.RESOLVE_OVERDUE_TASK))
        assert {"warning", "breach"} <= {row.kind for row in due}
    assert mails(story)["review_due_soon"] == 1
    assert hurt(story) == []


@pytest.mark.slow
def test_activities_that_fail_before_and_after_their_commit_lose_and_double_nothing(time_skipping, database):
    chaos = Chaos(seed=2)
    with alive(time_skipping, database, interceptors=[chaos]):
        story = to_the_review(database)
        story.decide(story.reviewer(), Outcome.RECOMMENDED)
        story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
        assert ended(story)
    assert min(chaos.raised.values()) > 0
    assert mails(story)["enrollment_approved"] == 1
    assert hurt(story) == []


def test_a_rebuilt_enrollment_goes_on_where_it_was(time_skipping, database):
    """Temporal has lost everything; rebuilding twice repeats nothing."""
    with alive(time_skipping, database):
        story = to_the_review(database)
        before = mails(story)
        for _ in range(2):
            time_skipping.do(time_skipping.client.get_workflow_handle(story.workflow_id()).terminate())
            with transaction(database.worker_engine) as session:
                rebuild_processes(Act(session, SYSTEM), process_ids=[story.row().id])
            assert story.process() is NextStep.REVIEW
        assert story.row().generation == 3
        assert mails(story) == before
        story.decide(story.reviewer(), Outcome.RECOMMENDED)
        story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
        assert ended(story)
    assert hurt(story) == []
