"""Chasing people in the database: reminders with fresh links, another signer, the clock of review (E4, E10)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM, person
from models.domain.core.permissions import Role
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import LinkPurpose, Outcome, TaskKind
from models.domain.enrollment.lifecycle import SectionKind, SectionState, SignerRole
from models.postgres.database import transaction
from models.queries.core.deadlines import next_deadline
from models.queries.enrollment.process import process_of
from models.store.core.act import Act
from models.store.enrollment.chase import fire
from models.store.enrollment.locations import change_location
from models.store.enrollment.signatures import keep_signer, replace_signer, resend_invitation
from models.store.enrollment.supervision import assign_review, extend_review
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment, Section
from models.tables.identity.accounts import GrantRow
from tests.database import Database
from tests.enrollment_story import EnrollmentStory


def fire_next(story: EnrollmentStory) -> str:
    """The process's clock reaches the next deadline."""

    def reach(session: Session) -> str:
        due = next_deadline(session, process_of(session, story.id))
        assert due is not None
        story.now = max(story.now, due.due_at)
        for _ in range(2):
            fire(Act(session, SYSTEM, as_of=story.now), deadline_id=due.deadline_id)
        return due.kind

    with transaction(story.database.worker_engine) as session:
        return reach(session)


def sent(story: EnrollmentStory, template: str) -> int:
    statement = select(func.count()).select_from(Message).where(Message.template == template)
    return story.read(lambda session: session.execute(statement).scalar_one())


def live_links(story: EnrollmentStory, purpose: LinkPurpose) -> list[object]:
    statement = select(Link.subject_id).where(
        Link.purpose == purpose, Link.used_at.is_(None), Link.revoked_at.is_(None)
    )
    return story.read(lambda session: list(session.execute(statement).scalars()))


@pytest.fixture
def waiting(database: Database) -> EnrollmentStory:
    """Both sections complete, nobody has signed."""
    story = EnrollmentStory(database)
    story.fill_in()
    return story


def test_each_signer_is_reminded_on_days_3_7_and_14_with_one_live_link(waiting: EnrollmentStory) -> None:
    kinds = [fire_next(waiting) for _ in range(9)]
    assert kinds == ["reminder_3"] * 3 + ["reminder_7"] * 3 + ["reminder_14"] * 3
    assert sent(waiting, "sign_reminder") == 9
    links = live_links(waiting, LinkPurpose.SIGN_SECTION)
    assert len(links) == len(set(links)) == 3


def test_after_the_last_reminder_the_applicant_is_asked_for_another_signer(waiting: EnrollmentStory) -> None:
    assert waiting.tasks(TaskKind.NAME_ANOTHER_SIGNER) == []
    for _ in range(9):
        fire_next(waiting)
    subjects = {task.subject_id for task in waiting.tasks(TaskKind.NAME_ANOTHER_SIGNER)}
    assert subjects == {signature.id for signature in waiting.signatures()}


def test_another_officer_gets_a_request_and_the_other_signature_stays(waiting: EnrollmentStory) -> None:
    cmo, ceo = (
        next(one for one in waiting.signatures() if one.role == role) for role in (SignerRole.CMO, SignerRole.CEO)
    )
    waiting.sign(ceo)
    for _ in range(6):
        fire_next(waiting)
    new = {"cmo_first_name": "Dana", "cmo_email": "dana@blueridge.example"}
    waiting.act(
        lambda session, key: replace_signer(Act(session, person(waiting.admin), key), signature_id=cmo.id, answers=new)
    )
    waiting.process(2)
    now = {one.role: one for one in waiting.signatures()}
    assert now[SignerRole.CEO].id == ceo.id
    assert now[SignerRole.CEO].signed_at is not None
    assert now[SignerRole.CMO].email == "dana@blueridge.example"
    assert [task.subject_id for task in waiting.tasks(TaskKind.NAME_ANOTHER_SIGNER)] == [
        one.id for one in waiting.signatures() if one.role == SignerRole.COORDINATOR
    ]
    with pytest.raises(RuleViolation, match="new text"):
        waiting.sign(cmo)


def test_waiting_for_the_same_signer_begins_the_chase_again(waiting: EnrollmentStory) -> None:
    for _ in range(9):
        fire_next(waiting)
    task = waiting.tasks(TaskKind.NAME_ANOTHER_SIGNER)[0]
    before = sent(waiting, "sign_section")
    waiting.act(lambda session, key: keep_signer(Act(session, person(waiting.admin), key), task_id=task.id))
    waiting.process(2)
    assert sent(waiting, "sign_section") == before + 1
    assert len(waiting.tasks(TaskKind.NAME_ANOTHER_SIGNER)) == 2
    assert fire_next(waiting) == "reminder_3"


def test_a_signature_ends_its_reminders(waiting: EnrollmentStory) -> None:
    waiting.sign_all()
    assert fire_next(waiting) == "reminder_3"
    assert sent(waiting, "sign_reminder") == 0
    assert sent(waiting, "submit_reminder") == 1


def test_another_coordinator_is_invited_and_the_former_one_is_out(database: Database) -> None:
    story = EnrollmentStory(database)
    section_id = story.list_location()
    story.process()
    former = story.join(section_id)
    story.act(
        lambda session, key: change_location(
            Act(session, person(story.admin), key),
            section_id=section_id,
            name="Boone",
            coordinator_name="New Person",
            coordinator_email="new@blueridge.example",
            language="en",
        )
    )
    story.process(2)
    section = story.section(SectionKind.B)
    assert section.state == SectionState.INVITED
    assert section.coordinator_turn == 2
    assert "coordinator_email" not in section.answers
    live = select(GrantRow).where(GrantRow.account_id == former, GrantRow.ended_at.is_(None))
    assert story.read(lambda session: session.execute(live).first()) is None
    assert sent(story, "join_location") == 2
    assert len(live_links(story, LinkPurpose.JOIN_LOCATION)) == 1


def test_a_coordinator_who_never_comes_can_be_replaced_after_day_14(database: Database) -> None:
    story = EnrollmentStory(database)
    section_id = story.list_location()
    story.process()
    for _ in range(6):
        fire_next(story)
    assert [task.subject_id for task in story.tasks(TaskKind.NAME_ANOTHER_SIGNER)] == [section_id]
    story.join(section_id)
    story.process()
    assert story.tasks(TaskKind.NAME_ANOTHER_SIGNER) == []


def test_a_link_is_not_sent_twice_within_minutes(database: Database) -> None:
    story = EnrollmentStory(database)
    section_id = story.list_location()
    story.process()
    with pytest.raises(RuleViolation) as refused:
        story.act(lambda session, key: resend_invitation(Act(session, person(story.admin), key), section_id=section_id))
    assert refused.value.code == "sent_just_now"
    database.shift_clock("3 minutes")
    story.act(lambda session, key: resend_invitation(Act(session, person(story.admin), key), section_id=section_id))
    assert sent(story, "join_location") == 2


@pytest.fixture
def submitted(waiting: EnrollmentStory) -> EnrollmentStory:
    waiting.sign_all()
    waiting.submit()
    return waiting


def test_the_review_is_warned_of_and_then_given_to_the_supervisor(submitted: EnrollmentStory) -> None:
    submitted.reviewer()
    submitted.reviewer("sup@state.example", Role.SUP)
    assert fire_next(submitted) == "warning"
    assert sent(submitted, "review_due_soon") == 1
    assert fire_next(submitted) == "breach"
    review = submitted.tasks(TaskKind.REVIEW_ENROLLMENT)[0]
    late = submitted.tasks(TaskKind.RESOLVE_OVERDUE_TASK)
    assert [task.subject_id for task in late] == [review.id]
    assert sent(submitted, "review_overdue") == 1


def test_a_supervisor_extends_and_the_clock_runs_again(submitted: EnrollmentStory) -> None:
    supervisor = submitted.reviewer("sup@state.example", Role.SUP)
    fire_next(submitted)
    fire_next(submitted)
    task = submitted.tasks(TaskKind.RESOLVE_OVERDUE_TASK)[0]
    old_due = submitted.tasks(TaskKind.REVIEW_ENROLLMENT)[0].due_at
    submitted.database.shift_clock("15 days")
    submitted.act(
        lambda session, key: extend_review(
            Act(session, person(supervisor), key), task_id=task.id, version=task.version, business_days=3
        )
    )
    submitted.process(2)
    review = submitted.tasks(TaskKind.REVIEW_ENROLLMENT)[0]
    assert old_due is not None
    assert review.due_at is not None
    assert review.due_at > old_due
    assert submitted.read(lambda s: s.get_one(Enrollment, submitted.id).review_due_at) == review.due_at
    assert sent(submitted, "review_takes_longer") == 1
    assert [fire_next(submitted), fire_next(submitted)] == ["warning", "breach"]


def test_a_late_review_goes_only_to_a_reviewer_of_the_team(submitted: EnrollmentStory) -> None:
    supervisor, reviewer = submitted.reviewer("sup@state.example", Role.SUP), submitted.reviewer()
    fire_next(submitted)
    fire_next(submitted)
    task = submitted.tasks(TaskKind.RESOLVE_OVERDUE_TASK)[0]

    def assign(assignee: object) -> None:
        submitted.act(
            lambda session, key: assign_review(
                Act(session, person(supervisor), key),
                task_id=task.id,
                version=task.version,
                assignee_id=assignee,
                business_days=2,
            )
        )

    with pytest.raises(RuleViolation) as refused:
        assign(submitted.admin)
    assert refused.value.code == "not_a_reviewer"
    assign(reviewer)
    assert submitted.tasks(TaskKind.REVIEW_ENROLLMENT)[0].assignee_id == reviewer


def test_a_late_task_that_is_decided_needs_no_supervisor(submitted: EnrollmentStory) -> None:
    fire_next(submitted)
    fire_next(submitted)
    submitted.decide(submitted.reviewer(), Outcome.RECOMMENDED)
    assert submitted.tasks(TaskKind.RESOLVE_OVERDUE_TASK) == []
    kinds = submitted.read(lambda session: set(session.execute(select(Task.status)).scalars()))
    assert "withdrawn" in kinds


def test_a_reminder_of_a_removed_section_does_nothing(database: Database) -> None:
    story = EnrollmentStory(database)
    story.list_location()
    story.process()
    with transaction(database.app_engine) as session:
        due = next_deadline(session, process_of(session, story.id))
        section = session.execute(select(Section).where(Section.kind == SectionKind.B)).scalar_one()
    from models.store.enrollment.locations import remove_location

    story.act(lambda session, key: remove_location(Act(session, person(story.admin), key), section_id=section.id))
    story.process()
    assert due is not None
    for _ in range(2):
        fire_next(story)
    assert sent(story, "join_reminder") == 0
