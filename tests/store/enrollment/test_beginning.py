"""Beginning twice gives one enrollment, a second one is asked about (U3), and own invitations need no mail (U1)."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import ANONYMOUS, person
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import SectionKind, SectionState
from models.domain.enrollment.similar import own_domain, same_address, same_organization
from models.queries.enrollment.similar import Likeness, similar_enrollments
from models.store.core.act import Act
from models.store.enrollment.decisions import withdraw_enrollment
from models.store.enrollment.locations import change_location
from models.store.enrollment.start import begin_enrollment, confirm_enrollment
from models.tables.core.links import Link
from models.tables.enrollment.lifecycle import Section
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.store.enrollment.test_chase import sent


def begin(story: EnrollmentStory, name: str, email: str) -> UUID:
    return story.act(
        lambda session, key: begin_enrollment(
            Act(session, ANONYMOUS, key), organization_name=name, name="Ana Ruiz", email=email, language="en"
        )
    )


def confirm(story: EnrollmentStory, start_id: UUID, account_id: UUID, *, separate: bool = False) -> UUID:
    return story.act(
        lambda session, key: confirm_enrollment(
            Act(session, person(account_id), key), start_id=start_id, account_id=account_id, separate=separate
        )
    )


def test_U3_a_new_link_ends_the_old_one(database: Database) -> None:
    story = EnrollmentStory(database)
    first = begin(story, "Ashe Clinc", "dee@ashe.example")
    second = begin(story, "Ashe Clinic", "dee@ashe.example")
    other = begin(story, "Ashe Clinic", "sam@ashe.example")
    live = select(Link.subject_id).where(Link.purpose == "confirm_enrollment", Link.revoked_at.is_(None))

    def subjects(session: Session) -> set[UUID]:
        return set(session.scalars(live))

    assert story.read(subjects) - {story.start_id} == {second, other}
    assert first not in story.read(subjects)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("BLUE RIDGE, LLC", "dee@gmail.com"),
        ("Blue-Ridge Inc.", "dee@gmail.com"),
        ("Another name", "dee@blueridge.example"),
        ("Another name", "ana@blueridge.example"),
    ],
)
def test_U3_a_second_enrollment_of_an_organization_is_asked_about(database: Database, name: str, email: str) -> None:
    story = EnrollmentStory(database)
    start = begin(story, name, email)
    account = story.admin if email.startswith("ana@") else story.account(email)
    with pytest.raises(RuleViolation) as asked:
        confirm(story, start, account)
    assert (asked.value.code, asked.value.field) == ("organization_known", "separate")
    assert confirm(story, start, account, separate=True) != story.id


def test_U3_another_organization_and_a_withdrawn_one_are_not_asked_about(database: Database) -> None:
    story = EnrollmentStory(database, email="ana@gmail.com")
    confirm(story, begin(story, "Green Ridge", "dee@gmail.com"), story.account("dee@gmail.com"))
    story.act(
        lambda session, key: withdraw_enrollment(
            Act(session, person(story.admin), key), enrollment_id=story.id, reason="Mistake"
        )
    )
    confirm(story, begin(story, "Blue Ridge", "sam@gmail.com"), story.account("sam@gmail.com"))


def test_U3_what_makes_two_organizations_alike() -> None:
    assert same_organization("The Smith & Sons Co.", "Smith and Sons")
    assert not same_organization("Smith and Sons", "Smith and Daughters")
    assert not same_organization("The Company, Inc.", "Limited")
    assert (own_domain("a@novant.example"), own_domain("a@gmail.com")) == ("novant.example", None)
    assert same_address(("12 Main Street", "28607"), ("12 MAIN STREET", "28607-1234"))
    assert not same_address(("12 Main Street", "28607"), ("12 Main Street", None))


def test_U1_an_administrator_who_coordinates_joins_at_once_and_gets_no_mail(database: Database) -> None:
    story = EnrollmentStory(database)
    story.list_location(email="Ana@BlueRidge.example")
    story.process(2)
    section = story.section(SectionKind.B)
    assert (section.state, section.coordinator_account_id) == (SectionState.DRAFT, story.admin)
    assert section.answers["coordinator_last_name"] == "Lane"
    assert sent(story, "join_location") == 0
    assert {task.candidate_role for task in story.tasks(TaskKind.COMPLETE_SECTION)} == {"ORG", "COO"}
    story.save(section.id, {"provider_type": "12"})


def test_U1_naming_oneself_instead_of_another_coordinator_joins_too(database: Database) -> None:
    story = EnrollmentStory(database)
    section_id = story.list_location()
    story.process(2)
    story.act(
        lambda session, key: change_location(
            Act(session, person(story.admin), key),
            section_id=section_id,
            name="Boone",
            coordinator_name="Ana Ruiz",
            coordinator_email="ana@blueridge.example",
            language="en",
        )
    )
    story.process(2)
    assert story.section(SectionKind.B).state == SectionState.DRAFT
    assert sent(story, "join_location") == 1


def test_U3_a_reviewer_sees_which_applications_may_be_the_same_organization(database: Database) -> None:
    story = EnrollmentStory(database, email="ana@gmail.com")
    story.save(story.section().id, {"street": "12 Main Street", "zip": "28607", "email": "office@one.example"})
    dee, sam = story.account("dee@gmail.com"), story.account("sam@gmail.com")
    by_name = confirm(story, begin(story, "BLUE RIDGE, LLC", "dee@gmail.com"), dee, separate=True)
    other = confirm(story, begin(story, "Green Ridge", "sam@gmail.com"), sam)
    found = story.read(lambda session: similar_enrollments(session, story.id))
    assert [(one.enrollment_id, one.likeness) for one in found] == [(by_name, Likeness.NAME)]
    own_section = select(Section.id).where(Section.enrollment_id == other)
    section = story.read(lambda session: session.scalars(own_section).one())
    story.save(section, {"street": "12 MAIN STREET", "zip": "28607-1234"}, sam)
    found = story.read(lambda session: similar_enrollments(session, story.id))
    assert (found[1].enrollment_id, found[1].likeness) == (other, Likeness.ADDRESS)
