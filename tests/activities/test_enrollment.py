"""Every activity of an enrollment, run twice against PostgreSQL, gives the same rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

import activities
from activities import enrollment
from activities.core.processes import close, read_events
from activities.core.runtime import use_engine
from models.domain.core.actors import SYSTEM, person
from models.domain.core.process_steps import StepRequest, StepResult
from models.domain.core.processes import WaitingFor
from models.domain.enrollment.kinds import EventKind, Outcome, TaskKind
from models.domain.enrollment.lifecycle import NextStep
from models.domain.records.notes import FieldNote
from models.postgres.database import transaction
from models.queries.core.deadlines import next_deadline
from models.queries.core.processes import reference
from models.queries.enrollment.process import process_of
from models.store.core.act import Act
from models.store.core.processes import SupersededError, publish
from models.store.enrollment.decisions import withdraw_enrollment
from models.store.operations.rebuild import rebuild_processes
from models.tables.core.processes import Process
from tests.activities.rows import every_row
from tests.bench.statements import statements_of
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from workflows.engine.discovery import activities_in


class Reached(EnrollmentStory):
    """An enrollment as far as the people have brought it, with what they did last not yet taken in."""

    taken_in = True

    def process(self, times: int = 1) -> NextStep:
        return super().process(times) if self.taken_in else NextStep.GATHER

    def row(self) -> Process:
        return self.read(lambda session: session.get_one(Process, process_of(session, self.id)))

    def turn(self, deadline_id: UUID | None = None, processed: int | None = None) -> StepRequest:
        row = self.row()
        as_of = self.now + timedelta(hours=1)
        return StepRequest(
            reference(row),
            row.published if processed is None else processed,
            as_of,
            str(deadline_id) if deadline_id else None,
        )


def begun(database: Database) -> Reached:
    return Reached(database)


def filled_in(database: Database) -> Reached:
    story = Reached(database)
    story.fill_in()
    return story


def submitted(database: Database, *, taken_in: bool = False) -> Reached:
    story = filled_in(database)
    story.sign_all()
    story.taken_in = taken_in
    story.submit()
    return story


def reviewed(database: Database, outcome: Outcome = Outcome.RECOMMENDED, **rest: object) -> Reached:
    story = submitted(database, taken_in=True)
    story.taken_in = False
    if outcome is Outcome.RETURNED:
        rest["notes"] = [FieldNote(story.section().id, "zip", "This ZIP code is not in Watauga County.")]
    story.decide(story.reviewer(), outcome, **rest)
    return story


def approved(database: Database) -> Reached:
    story = reviewed(database)
    story.taken_in = True
    story.process()
    story.taken_in = False
    story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
    return story


def withdrawn(database: Database) -> Reached:
    story = submitted(database, taken_in=True)
    story.act(
        lambda session, key: withdraw_enrollment(
            Act(session, person(story.admin), key), enrollment_id=story.id, reason="Not now."
        )
    )
    return story


def returned(database: Database) -> Reached:
    return reviewed(database, Outcome.RETURNED, reason="Please correct the ZIP code.")


def denied(database: Database) -> Reached:
    return reviewed(database, Outcome.DENIED, reason="Not a provider.")


CASES: dict[str, tuple[Callable[[Database], Reached], Callable[[StepRequest], StepResult], NextStep]] = {
    "look": (filled_in, enrollment.look, NextStep.GATHER),
    "gather_application": (begun, enrollment.gather_application, NextStep.GATHER),
    "request_review": (submitted, enrollment.request_review, NextStep.REVIEW),
    "request_approval": (reviewed, enrollment.request_approval, NextStep.APPROVE),
    "send_back": (returned, enrollment.send_back, NextStep.GATHER),
    "activate_provider": (approved, enrollment.activate_provider, NextStep.FINISH),
    "deny_enrollment": (denied, enrollment.deny_enrollment, NextStep.FINISH),
    "clear_away": (withdrawn, enrollment.clear_away, NextStep.FINISH),
}


@pytest.fixture(autouse=True)
def worker(database: Database) -> None:
    use_engine(database.worker_engine)


@pytest.mark.parametrize(("reach", "most"), [(filled_in, 15), (submitted, 7)], ids=["gathering", "in review"])
def test_looking_again_costs_few_statements(
    database: Database, reach: Callable[[Database], Reached], most: int
) -> None:
    """Ten thousand lives that begin again look at facts that ask for nothing new (P8)."""
    story = reach(database)
    enrollment.look(story.turn())
    with statements_of(database.worker_engine) as seen:
        enrollment.look(story.turn())
    assert seen.count <= most


@pytest.mark.parametrize("name", sorted(CASES))
def test_run_twice_it_gives_the_same_rows(database, name):
    reach, effect, then = CASES[name]
    turn = reach(database).turn()
    before = every_row(database)
    first = effect(turn)
    once = every_row(database)
    assert effect(turn) == first
    assert every_row(database) == once
    assert first.next_step == then
    assert once != before


@pytest.mark.parametrize("name", sorted(CASES))
def test_asked_for_out_of_turn_it_changes_no_fact_and_says_where_things_stand(database, name):
    """A stale outcome in a piece of news may call any of them: here, everything is done already."""
    story = approved(database)
    enrollment.activate_provider(story.turn())
    before = every_row(database)
    assert CASES[name][1](story.turn()).next_step == NextStep.FINISH
    assert every_row(database) == before


@pytest.mark.parametrize("reach", [filled_in, submitted])
def test_a_deadline_fires_once(database, reach):
    story = reach(database)
    story.taken_in = True
    story.process()
    due = story.read(lambda session: next_deadline(session, process_of(session, story.id)))
    story.now = max(story.now, due.due_at)
    turn = story.turn(due.deadline_id)
    enrollment.chase(turn)
    once = every_row(database)
    assert enrollment.chase(turn).wake.deadline_id != str(due.deadline_id)
    assert every_row(database) == once


def test_the_process_waits_for_a_person_once_its_task_is_open(database):
    story = submitted(database)
    assert story.row().waiting_for == WaitingFor.PROCESS
    enrollment.request_review(story.turn())
    assert (story.row().waiting_for, story.row().processed) == (WaitingFor.PERSON, story.row().published)


@pytest.mark.parametrize(
    ("reach", "kind"), [(submitted, TaskKind.REVIEW_ENROLLMENT), (reviewed, TaskKind.APPROVE_ENROLLMENT)]
)
def test_a_look_asks_people_at_once(database, reach, kind):
    story = reach(database)
    enrollment.look(story.turn())
    assert [task.kind for task in story.tasks()] == [kind]
    assert (story.row().waiting_for, story.row().processed) == (WaitingFor.PERSON, story.row().published)


def test_the_answer_names_the_next_deadline(database):
    story = submitted(database)
    standing = enrollment.request_review(story.turn())
    due = story.read(lambda session: next_deadline(session, process_of(session, story.id)))
    assert (standing.wake.deadline_id, standing.wake.due_at) == (str(due.deadline_id), due.due_at)


@pytest.mark.parametrize("name", sorted(CASES))
def test_an_older_life_changes_nothing(database, name):
    reach, effect, _ = CASES[name]
    story = reach(database)
    turn = story.turn()
    with transaction(database.worker_engine) as session:
        rebuild_processes(Act(session, SYSTEM), process_ids=[UUID(turn.ref.process_id)])
    before = every_row(database)
    with pytest.raises(SupersededError):
        effect(turn)
    assert every_row(database) == before


def test_reading_news_gives_what_was_not_heard(database):
    story = submitted(database)
    turn = story.turn(processed=1)
    assert [piece.number for piece in read_events(turn)] == list(range(2, story.row().published + 1))


def test_closing_twice_is_one_end(database):
    story = approved(database)
    enrollment.activate_provider(story.turn())
    turn = story.turn()
    assert close(turn) == []
    once = every_row(database)
    assert close(turn) == []
    assert every_row(database) == once
    assert not story.row().open


def test_closing_hands_back_what_was_told_meanwhile(database):
    story = approved(database)
    enrollment.activate_provider(story.turn())
    turn = story.turn()

    def told_late(session: Session) -> None:
        publish(Act(session, SYSTEM, "late"), process_id=UUID(turn.ref.process_id), news=EventKind.SECTIONS_CHANGED)

    with transaction(database.worker_engine) as session:
        told_late(session)
    assert [piece.kind for piece in close(turn)] == [EventKind.SECTIONS_CHANGED]
    assert story.row().open


def test_every_activity_is_tried_here():
    tried = {effect for _, effect, _ in CASES.values()} | {enrollment.chase, read_events, close}
    assert set(activities_in(activities)) == tried
