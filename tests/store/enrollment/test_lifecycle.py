"""The lifecycle table of an enrollment rules in the store: who may, and what only the process does."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM, link_holder, person
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import FINAL, LIFECYCLE, EnrollmentState, SectionKind
from models.domain.enrollment.review import StaffDecision
from models.store.core.act import Act
from models.store.core.lifecycle import move
from models.store.enrollment.decisions import decide, withdraw_enrollment
from models.store.enrollment.locations import remove_location
from models.store.identity.grants import end_grant
from models.tables.enrollment.lifecycle import Enrollment
from tests.database import Database
from tests.enrollment_story import EnrollmentStory


def refused_code(do: Callable[[], object]) -> str:
    with pytest.raises(RuleViolation) as refused:
        do()
    return refused.value.code


@pytest.fixture
def story(database: Database) -> EnrollmentStory:
    made = EnrollmentStory(database)
    made.fill_in()
    return made


def withdraw(story: EnrollmentStory, by: UUID) -> None:
    story.act(lambda session, key: withdraw_enrollment(Act(session, person(by), key), enrollment_id=story.id))


def test_what_is_the_administrators_is_nobody_elses(story: EnrollmentStory) -> None:
    coordinator = story.section(SectionKind.B).coordinator_account_id
    reviewer, other = story.reviewer(), EnrollmentStory(story.database, email="other@blueridge.example")
    for somebody in (coordinator, reviewer, other.admin):
        assert refused_code(lambda by=somebody: withdraw(story, by)) == "wrong_role"
    withdraw(story, story.admin)


def test_a_coordinator_removes_no_location_and_saves_no_other_section(story: EnrollmentStory) -> None:
    section_b = story.section(SectionKind.B)
    coordinator = section_b.coordinator_account_id
    assert refused_code(lambda: story.save(story.section().id, {"zip": "28607"}, coordinator)) == "wrong_role"
    assert (
        refused_code(
            lambda: story.act(
                lambda session, key: remove_location(Act(session, person(coordinator), key), section_id=section_b.id)
            )
        )
        == "wrong_role"
    )
    story.save(section_b.id, {"frozen_vials": "1"}, coordinator)


def test_a_role_that_has_ended_counts_no_more(story: EnrollmentStory) -> None:
    story.act(
        lambda session, key: end_grant(
            Act(session, SYSTEM, key),
            account_id=story.admin,
            role=Role.ORG,
            scope_type=ScopeType.ORGANIZATION,
            scope_id=story.read(lambda read: read.get_one(Enrollment, story.id).org_id),
            because="test",
        )
    )
    assert refused_code(lambda: withdraw(story, story.admin)) == "wrong_role"


def test_a_link_signs_and_nothing_more(story: EnrollmentStory) -> None:
    assert (
        refused_code(
            lambda: story.act(
                lambda session, key: withdraw_enrollment(
                    Act(session, link_holder(uuid4()), key), enrollment_id=story.id
                )
            )
        )
        == "wrong_role"
    )
    story.sign_all()


def test_staff_without_the_role_decide_nothing(story: EnrollmentStory) -> None:
    story.sign_all()
    story.submit()
    [task] = story.tasks(TaskKind.REVIEW_ENROLLMENT)
    supervisor = story.reviewer("sup@state.example", Role.SUP)
    decision = StaffDecision(Outcome.RECOMMENDED)
    assert (
        refused_code(
            lambda: story.act(
                lambda session, key: decide(
                    Act(session, person(supervisor), key), task_id=task.id, version=None, decision=decision
                )
            )
        )
        == "wrong_role"
    )


def test_what_only_the_process_does_no_person_does(story: EnrollmentStory) -> None:
    story.sign_all()
    story.submit()

    def approve(session: Session, key: str) -> None:
        enrollment = session.get_one(Enrollment, story.id)
        move(Act(session, person(story.reviewer("boss@state.example")), key), enrollment, EnrollmentState.RETURNED)

    assert refused_code(lambda: story.act(approve)) == "wrong_state"


def test_every_state_is_reached_and_the_final_ones_are_left_by_nothing() -> None:
    reached = {to for following in LIFECYCLE.moves.values() for to in following}
    assert reached == set(EnrollmentState) - {EnrollmentState.DRAFT}
    assert LIFECYCLE.final == FINAL
