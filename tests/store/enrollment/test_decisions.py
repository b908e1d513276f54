"""Returning, denying and withdrawing an enrollment in the database, and everything that is refused (E5, E9)."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import ANONYMOUS, person
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentState, NextStep, SectionKind, SectionState
from models.domain.enrollment.review import StaffDecision
from models.domain.records.notes import FieldNote
from models.store.core.act import Act
from models.store.enrollment.decisions import decide, submit_enrollment, withdraw_enrollment
from models.store.enrollment.locations import add_location, join_location, remove_location
from models.store.enrollment.sections import complete_section, save_answers
from models.store.enrollment.signatures import sign_section
from models.store.enrollment.start import begin_enrollment
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.enrollment.lifecycle import Enrollment, Section
from models.tables.identity.accounts import GrantRow
from models.tables.organizations.locations import Location, Organization
from tests.database import Database
from tests.enrollment_story import SECTION_B, EnrollmentStory

DENIED = StaffDecision(Outcome.DENIED, "no")


@pytest.fixture
def story(database: Database) -> EnrollmentStory:
    """An enrollment with both sections complete."""
    made = EnrollmentStory(database)
    made.fill_in()
    return made


@pytest.fixture
def submitted(story: EnrollmentStory) -> EnrollmentStory:
    story.sign_all()
    story.submit()
    return story


def state(story: EnrollmentStory) -> str:
    return story.read(lambda session: session.get_one(Enrollment, story.id).state)


def refused_code(do: object) -> str:
    with pytest.raises(RuleViolation) as refused:
        do()  # type: ignore[operator]
    return refused.value.code


def test_a_return_brings_back_only_the_sections_with_notes(submitted: EnrollmentStory) -> None:
    note = FieldNote(submitted.section(SectionKind.B).id, "refrigerated_vials", "Please count again.")
    submitted.decide(submitted.reviewer(), Outcome.RETURNED, notes=[note])
    assert state(submitted) == EnrollmentState.RETURNED
    assert submitted.section(SectionKind.A).state == SectionState.SIGNED
    section = submitted.section(SectionKind.B)
    assert section.state == SectionState.DRAFT
    assert section.answers["refrigerated_vials"] == 40
    assert [task.kind for task in submitted.tasks()] == [TaskKind.COMPLETE_SECTION]


def test_a_returned_enrollment_is_corrected_and_approved_without_typing_anew(submitted: EnrollmentStory) -> None:
    reviewer = submitted.reviewer()
    section_b = submitted.section(SectionKind.B)
    submitted.decide(reviewer, Outcome.RETURNED, notes=[FieldNote(section_b.id, "refrigerated_vials", "Count again.")])
    coordinator = section_b.coordinator_account_id
    submitted.save(section_b.id, {"refrigerated_vials": "30"}, coordinator)
    submitted.complete(section_b.id, coordinator)
    submitted.process()
    submitted.sign_all()
    submitted.submit()
    submitted.decide(reviewer, Outcome.RECOMMENDED)
    submitted.decide(submitted.reviewer("boss@state.example"), Outcome.APPROVED)
    assert state(submitted) == EnrollmentState.APPROVED
    assert submitted.read(lambda session: session.get_one(Enrollment, submitted.id).submission) == 2


def test_the_approver_can_return_too(submitted: EnrollmentStory) -> None:
    submitted.decide(submitted.reviewer(), Outcome.RECOMMENDED)
    note = FieldNote(submitted.section().id, "phone", "Nobody answers there.")
    submitted.decide(submitted.reviewer("boss@state.example"), Outcome.RETURNED, notes=[note])
    assert state(submitted) == EnrollmentState.RETURNED
    assert submitted.section().state == SectionState.DRAFT


def test_the_reviewer_cannot_approve(submitted: EnrollmentStory) -> None:
    reviewer = submitted.reviewer()
    submitted.decide(reviewer, Outcome.RECOMMENDED)
    assert refused_code(lambda: submitted.decide(reviewer, Outcome.APPROVED)) == "second_person"
    assert state(submitted) == EnrollmentState.IN_APPROVAL


def test_nobody_decides_on_an_organization_of_the_own(submitted: EnrollmentStory) -> None:
    assert refused_code(lambda: submitted.decide(submitted.admin, Outcome.RECOMMENDED)) == "own_organization"


@pytest.mark.parametrize(
    ("outcome", "reason", "code"),
    [
        (Outcome.RETURNED, "", "notes_missing"),
        (Outcome.DENIED, "  ", "reason_missing"),
        (Outcome.APPROVED, "", "unknown_outcome"),
        (Outcome.DENIED, "x" * 2001, "too_long"),
    ],
)
def test_a_decision_brings_what_it_must(submitted: EnrollmentStory, outcome: Outcome, reason: str, code: str) -> None:
    reviewer = submitted.reviewer()
    assert refused_code(lambda: submitted.decide(reviewer, outcome, reason=reason)) == code
    assert len(submitted.tasks(TaskKind.REVIEW_ENROLLMENT)) == 1


def test_a_task_is_decided_once(submitted: EnrollmentStory) -> None:
    reviewer, task = submitted.reviewer(), submitted.tasks(TaskKind.REVIEW_ENROLLMENT)[0]
    submitted.decide(reviewer, Outcome.RECOMMENDED)

    def again() -> None:
        submitted.act(
            lambda session, key: decide(
                Act(session, person(reviewer), key),
                task_id=task.id,
                version=None,
                decision=DENIED,
            )
        )

    assert refused_code(again) == "task_over"


def test_a_denial_closes_everything_and_tells_everybody(submitted: EnrollmentStory) -> None:
    submitted.decide(submitted.reviewer(), Outcome.DENIED, reason="No license on record.")
    assert state(submitted) == EnrollmentState.DENIED
    assert submitted.process() is NextStep.FINISH

    def look(session: Session) -> None:
        assert session.execute(select(Organization.status)).scalar_one() == "denied"
        assert session.execute(select(Location.status)).scalar_one() == "closed"
        roles = select(GrantRow.role).where(GrantRow.ended_at.is_(None), GrantRow.org_id.is_not(None))
        assert session.execute(roles).scalars().all() == ["ORG"]
        told = set(session.execute(select(Message.template)).scalars())
        assert {"enrollment_denied", "enrollment_denied_coordinator", "enrollment_denied_officer"} <= told

    submitted.read(look)


def withdraw(story: EnrollmentStory) -> None:
    story.act(
        lambda session, key: withdraw_enrollment(
            Act(session, person(story.admin), key), enrollment_id=story.id, reason="We merge."
        )
    )


def test_a_withdrawn_enrollment_leaves_no_task_and_no_link(story: EnrollmentStory) -> None:
    withdraw(story)
    assert state(story) == EnrollmentState.WITHDRAWN
    assert story.process(2) is NextStep.FINISH
    assert story.tasks() == []
    live = select(Link).where(Link.used_at.is_(None), Link.revoked_at.is_(None), Link.purpose != "confirm_enrollment")
    assert story.read(lambda session: session.execute(live).first()) is None


def test_a_decided_enrollment_cannot_be_withdrawn(submitted: EnrollmentStory) -> None:
    reviewer, task = submitted.reviewer(), submitted.tasks(TaskKind.REVIEW_ENROLLMENT)[0]
    submitted.act(
        lambda session, key: decide(
            Act(session, person(reviewer), key),
            task_id=task.id,
            version=None,
            decision=DENIED,
        )
    )
    assert refused_code(lambda: withdraw(submitted)) == "already_decided"


def test_nothing_is_submitted_before_all_is_signed(story: EnrollmentStory) -> None:
    def submit() -> None:
        story.act(
            lambda session, key: submit_enrollment(Act(session, person(story.admin), key), enrollment_id=story.id)
        )

    assert refused_code(submit) == "not_all_signed"
    story.sign_all()
    submit()
    assert refused_code(submit) == "wrong_state"


def test_saving_into_a_signed_section_takes_the_signatures_back(story: EnrollmentStory) -> None:
    story.sign_all()
    assert [task.kind for task in story.tasks()] == [TaskKind.SUBMIT_ENROLLMENT]
    story.save(story.section().id, {"phone": "919 555 0199"})
    story.process()
    assert story.section().state == SectionState.DRAFT
    assert [signature.role for signature in story.signatures()] == ["coordinator"]
    assert [task.kind for task in story.tasks()] == [TaskKind.COMPLETE_SECTION]


def test_saving_the_same_again_changes_nothing(story: EnrollmentStory) -> None:
    section = story.section()
    assert story.save(section.id, {"phone": "(919) 555-0100"}) == section.version
    assert story.section().state == SectionState.AWAITING_SIGNATURE


def test_another_location_opens_section_a_again(story: EnrollmentStory) -> None:
    story.list_location("Asheville", "ash@blueridge.example")
    story.process()
    assert story.section().state == SectionState.DRAFT
    section_id = story.section().id
    assert refused_code(lambda: story.complete(section_id)) == "location_count"


def test_a_stale_save_is_refused_and_shows_what_is_there(story: EnrollmentStory) -> None:
    section = story.section()
    with pytest.raises(RuleViolation) as refused:
        story.act(
            lambda session, key: save_answers(
                Act(session, person(story.admin), key),
                section_id=section.id,
                version=section.version - 1,
                answers={"city": "Elsewhere"},
            )
        )
    assert refused.value.code == "stale_version"
    assert refused.value.values["current"]["city"] == "Boone"  # type: ignore[index]


def test_a_signature_is_bound_to_its_text_and_its_signer(story: EnrollmentStory) -> None:
    signature = story.signatures()[0]

    def sign(text_hash: str, name: str) -> None:
        story.act(
            lambda session, key: sign_section(
                Act(session, ANONYMOUS, key), signature_id=signature.id, text_hash=text_hash, typed_name=name
            )
        )

    assert refused_code(lambda: sign("0" * 64, signature.name)) == "other_text"
    assert refused_code(lambda: sign(signature.text_hash, "Somebody Else")) == "other_name"
    sign(signature.text_hash, signature.name.upper())
    assert refused_code(lambda: sign(signature.text_hash, signature.name)) == "already_signed"


def test_a_forwarded_invitation_binds_nobody_else(database: Database) -> None:
    story = EnrollmentStory(database)
    section_id = story.list_location()
    stranger = story.account("stranger@elsewhere.example")
    code = refused_code(
        lambda: story.act(
            lambda session, key: join_location(
                Act(session, person(stranger), key), section_id=section_id, account_id=stranger
            )
        )
    )
    assert code == "other_account"


def test_locations_are_listed_once_and_an_empty_section_is_not_complete(database: Database) -> None:
    story = EnrollmentStory(database)
    section_id = story.list_location()
    assert refused_code(lambda: story.list_location("  boone ")) == "location_twice"
    coordinator = story.join(section_id)
    assert refused_code(lambda: story.complete(section_id, coordinator)) == "missing"
    empty = {**SECTION_B, "refrigerated_vials": "0"}
    assert refused_code(lambda: story.save(section_id, empty, coordinator)) == "no_capacity"


def test_a_removed_location_is_gone_for_everybody(database: Database) -> None:
    story = EnrollmentStory(database)
    section_id = story.list_location()
    coordinator = story.join(section_id)
    story.act(lambda session, key: remove_location(Act(session, person(story.admin), key), section_id=section_id))
    story.process()
    assert refused_code(lambda: story.save(section_id, SECTION_B, coordinator)) == "location_removed"
    assert [task.kind for task in story.tasks()] == [TaskKind.COMPLETE_SECTION]


def test_a_mailbox_is_not_flooded_by_beginnings(database: Database) -> None:
    story = EnrollmentStory(database)

    def begin() -> None:
        story.act(
            lambda session, key: begin_enrollment(
                Act(session, ANONYMOUS, key),
                organization_name="X1",
                name="Ana",
                email="ANA@blueridge.example",
                language="en",
            )
        )

    for _ in range(4):
        begin()
    assert refused_code(begin) == "braked_subject"
    known = select(Message.template).where(Message.template == "confirm_enrollment_known")
    assert story.read(lambda session: len(session.execute(known).all())) == 4


def test_what_is_typed_wrong_is_refused_on_its_field(database: Database) -> None:
    story = EnrollmentStory(database)
    with pytest.raises(RuleViolation) as refused:
        story.act(
            lambda session, key: add_location(
                Act(session, person(story.admin), key),
                enrollment_id=story.id,
                name="",
                coordinator_name="\x07",
                coordinator_email="no",
                language="en",
            )
        )
    fields = {one.field: one.code for one in refused.value.violations}
    assert fields == {"name": "missing", "coordinator_name": "bad_characters", "coordinator_email": "email_invalid"}


def test_a_complete_section_is_completed_only_once(story: EnrollmentStory) -> None:
    section = story.read(lambda session: session.execute(select(Section).where(Section.kind == "A")).scalar_one())
    code = refused_code(
        lambda: story.act(
            lambda session, key: complete_section(
                Act(session, person(story.admin), key), section_id=section.id, version=section.version
            )
        )
    )
    assert code == "wrong_section_state"
