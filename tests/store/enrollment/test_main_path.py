"""The main path of an enrollment in the database: from the first wish to active locations (E1 to E5, E12)."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentState, NextStep, SectionKind, SectionState
from models.queries.operations.invariants import check_invariants
from models.tables.core.audit import AuditRow
from models.tables.core.messages import Message
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment
from models.tables.identity.accounts import GrantRow
from models.tables.organizations.locations import Location, LocationStatus, Organization
from tests.database import Database
from tests.enrollment_story import EnrollmentStory


def templates(story: EnrollmentStory) -> list[tuple[str, str, str]]:
    """Every mail so far: template, address, language."""
    statement = select(Message.template, Message.to_address, Message.language).order_by(Message.created_at)
    return story.read(lambda session: [tuple(row) for row in session.execute(statement)])


def counted(story: EnrollmentStory) -> tuple[int, ...]:
    tables = (Task, Message, AuditRow, GrantRow)
    return story.read(
        lambda session: tuple(session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
    )


def approved_story(database: Database) -> EnrollmentStory:
    story = EnrollmentStory(database, language="es")
    story.apply()
    story.decide(story.reviewer("rev@state.example"), Outcome.RECOMMENDED)
    story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
    return story


def test_an_application_goes_from_the_wish_to_active_locations(database: Database) -> None:
    story = approved_story(database)

    def look(session: Session) -> None:
        enrollment = session.get_one(Enrollment, story.id)
        assert enrollment.state == EnrollmentState.APPROVED
        assert enrollment.decided_at is not None
        organization = session.get_one(Organization, enrollment.org_id)
        assert (organization.name, organization.status) == ("Blue Ridge Family Practice", "active")
        location = session.execute(select(Location)).scalar_one()
        assert location.status == LocationStatus.ACTIVE
        assert location.pin is not None
        assert len(location.pin) == 6
        live = select(GrantRow.role).where(GrantRow.ended_at.is_(None), GrantRow.org_id == enrollment.org_id)
        assert sorted(session.execute(live).scalars()) == [Role.LOC, Role.ORG]

    story.read(look)
    assert story.process() is NextStep.FINISH
    assert story.tasks() == []


def test_everybody_concerned_hears_of_the_approval_in_their_language(database: Database) -> None:
    mails = set(templates(approved_story(database)))
    assert mails >= {
        ("confirm_enrollment", "ana@blueridge.example", "es"),
        ("join_location", "coco@blueridge.example", "es"),
        ("sign_section", "cmo@blueridge.example", "es"),
        ("sign_section", "ceo@blueridge.example", "es"),
        ("sign_section", "coco@blueridge.example", "es"),
        ("enrollment_submitted", "ana@blueridge.example", "es"),
        ("enrollment_approved", "ana@blueridge.example", "es"),
        ("location_active", "coco@blueridge.example", "es"),
        ("enrollment_approved_officer", "cmo@blueridge.example", "es"),
        ("enrollment_approved_officer", "ceo@blueridge.example", "es"),
    }


def test_the_process_repeats_nothing(database: Database) -> None:
    story = EnrollmentStory(database)

    def steady() -> None:
        before = counted(story)
        story.process(3)
        assert counted(story) == before

    story.process()
    steady()
    story.fill_in()
    steady()
    story.sign_all()
    steady()
    story.submit()
    steady()
    story.decide(story.reviewer(), Outcome.RECOMMENDED)
    steady()
    story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
    steady()


def test_the_tasks_follow_the_facts(database: Database) -> None:
    story = EnrollmentStory(database)
    story.process()
    assert [task.kind for task in story.tasks()] == [TaskKind.COMPLETE_SECTION]
    section_b = story.list_location()
    story.process()
    assert {(task.kind, task.candidate_role) for task in story.tasks()} == {
        (TaskKind.COMPLETE_SECTION, Role.ORG),
        (TaskKind.COMPLETE_SECTION, Role.COO),
    }
    assert story.section(SectionKind.B).state == SectionState.INVITED
    story.join(section_b)
    assert story.section(SectionKind.B).state == SectionState.DRAFT


def test_the_invariants_hold_after_an_approval(database: Database) -> None:
    story = approved_story(database)
    findings = story.read(check_invariants)
    assert [(one.id, one.says) for one in findings if one.violations and one.id not in ("I14", "I9")] == []
