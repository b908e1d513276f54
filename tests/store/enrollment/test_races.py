"""Several people at once on one enrollment: each act has its effect once, and the facts agree afterwards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.domain.core.actors import person
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import SectionKind, SectionState
from models.domain.enrollment.review import StaffDecision
from models.store.core.act import Act
from models.store.enrollment.decisions import decide, submit_enrollment
from tests.database import Database
from tests.enrollment_story import EnrollmentStory


@pytest.fixture
def story(database: Database) -> EnrollmentStory:
    made = EnrollmentStory(database)
    made.fill_in()
    return made


def all_at_once(*acts: Callable[[], None]) -> list[str]:
    """Run acts at the same time; returns the codes of those that were refused."""

    def run(act: Callable[[], None]) -> str | None:
        try:
            act()
        except RuleViolation as refused:
            return refused.code
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [code for code in pool.map(run, acts) if code]


def test_signatures_given_at_once_leave_both_sections_signed(story: EnrollmentStory) -> None:
    acts = [lambda one=one: story.sign(one) for one in story.signatures()]
    assert all_at_once(*acts, *(lambda: story.process(1) for _ in range(2))) == []
    assert {story.section(kind).state for kind in SectionKind} == {SectionState.SIGNED}
    story.process()
    assert [task.kind for task in story.tasks()] == [TaskKind.SUBMIT_ENROLLMENT]


def test_one_signature_is_given_once(story: EnrollmentStory) -> None:
    signature = story.signatures()[0]
    refused = all_at_once(*[lambda: story.sign(signature)] * 4)
    assert sorted(refused) in (["already_signed"] * 3, ["wrong_section_state"] * 3)


def test_an_enrollment_is_submitted_once(story: EnrollmentStory) -> None:
    story.sign_all()

    def submit() -> None:
        story.act(
            lambda session, key: submit_enrollment(Act(session, person(story.admin), key), enrollment_id=story.id)
        )

    assert all_at_once(*[submit] * 4) == ["wrong_state"] * 3


def test_two_reviewers_decide_once(story: EnrollmentStory) -> None:
    story.sign_all()
    story.submit()
    task = story.tasks(TaskKind.REVIEW_ENROLLMENT)[0]
    reviewers = [story.reviewer(f"r{number}@state.example") for number in range(3)]

    recommended = StaffDecision(Outcome.RECOMMENDED)

    def recommend(reviewer: object) -> None:
        story.act(
            lambda session, key: decide(
                Act(session, person(reviewer), key), task_id=task.id, version=task.version, decision=recommended
            )
        )

    assert all_at_once(*[lambda one=one: recommend(one) for one in reviewers]) == ["task_over"] * 2


def test_processes_running_at_once_open_each_task_once(database: Database) -> None:
    story = EnrollmentStory(database)
    story.list_location()
    all_at_once(*[story.process] * 4)
    assert sorted(task.kind for task in story.tasks()) == [TaskKind.COMPLETE_SECTION] * 2
