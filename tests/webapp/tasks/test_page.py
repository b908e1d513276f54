"""The task page: reviewing, approving, a late task; who may not, who was faster, and what is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM, person
from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.notes import FieldNote
from models.store.core.act import Act
from models.store.core.tasks import claim_task, open_task
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Decision, ReturnNote
from tests.enrollment_story import EnrollmentStory
from tests.tasks_data import give
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.pressing import page_of, press

TEAM = "enrollment"


def staff(database, name, role=Role.REV):
    return make_account(database.app_engine, f"{name}@state.example", role=role, team=TEAM, name=name.title())


@pytest.fixture
def maria(database):
    return staff(database, "maria")


@pytest.fixture
def john(database):
    return staff(database, "john")


@pytest.fixture
def story(database):
    """An enrollment that waits for its review."""
    found = EnrollmentStory(database)
    found.apply()
    return found


@pytest.fixture
def as_maria(client, maria):
    sign_in(client, "maria@state.example")
    return client


def one_task(story):
    return next(task for task in story.tasks() if task.team)


def take(database, task, account_id):
    with Session(database.app_engine, expire_on_commit=False) as session:
        claim_task(Act(session, person(account_id), uuid4().hex), task_id=task.id, version=None)
        session.commit()


def in_hand(client, story, database, account_id):
    """The review in the person's hand, and its page."""
    task = one_task(story)
    take(database, task, account_id)
    return task, page_of(client, f"/tasks/{task.id}")


def decisions(database):
    with Session(database.app_engine, expire_on_commit=False) as session:
        return list(session.scalars(select(Decision).order_by(Decision.decided_at)))


def test_the_page_says_what_is_asked_by_when_and_shows_everything(as_maria, story):
    page = page_of(as_maria, f"/tasks/{one_task(story).id}")
    for words in (
        "Review enrollment: Blue Ridge Family Practice, 1 location",
        "Blue Ridge Family Practice submitted this application on",
        "It was given to the enrollment team.",
        "Organization&#39;s legal name",
        "Section B: Boone",
        "Chief medical officer: Carla Núñez signed on",
        "Take this task",
    ):
        assert words in page
    assert "Save the decision" not in page


def test_each_decision_says_what_comes_next_and_who_does_it(as_maria, story, database, maria):
    _, page = in_hand(as_maria, story, database, maria)
    assert "a second person on the enrollment team checks and approves it" in page
    assert "the applicant corrects the fields you marked" in page
    assert "an email with a link to your reason" in page


def test_recommending_leads_to_the_next_task_with_a_confirmation(as_maria, story, database, maria):
    task, page = in_hand(as_maria, story, database, maria)
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", outcome="recommended", reason="")
    assert (answer.status_code, answer.location) == (303, f"/tasks/next?after={task.id}")
    onward = as_maria.get(answer.location)
    assert onward.location == "/tasks?view=mine"
    after = page_of(as_maria, onward.location)
    assert "Blue Ridge Family Practice: Recommended for approval." in after
    assert [row.outcome for row in decisions(database)] == ["recommended"]


def test_the_next_task_is_the_most_urgent_open_one(as_maria, story, database, maria):
    task, page = in_hand(as_maria, story, database, maria)
    with Session(database.app_engine, expire_on_commit=False) as session:
        other = open_task(
            Act(session, SYSTEM),
            process_id=task.process_id,
            kind=TaskKind.REVIEW_ENROLLMENT,
            subject_id=uuid4(),
            org_id=task.org_id,
            opening_key=uuid4().hex,
        )
        session.commit()
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", outcome="recommended")
    assert as_maria.get(answer.location).location == f"/tasks/{other.id}"


def test_the_first_person_sees_why_the_approval_is_not_hers(as_maria, story, database, maria):
    story.decide(maria, Outcome.RECOMMENDED)
    task = one_task(story)
    assert task.kind == TaskKind.APPROVE_ENROLLMENT
    page = page_of(as_maria, f"/tasks/{task.id}")
    assert "You made the first decision" in page
    assert "Take this task" not in page
    listed = page_of(as_maria, "/tasks?view=team")
    assert "You made the first decision, so someone else has to approve" in listed
    for act, typed in (("decide", {"outcome": "approved"}), ("claim", {})):
        address = f"/tasks/{task.id}/{act}"
        form = page_of(as_maria).replace("/tasks/next", address)
        assert press(as_maria, form, address, **typed).status_code == 403
    assert [row.outcome for row in decisions(database)] == ["recommended"]


def test_the_second_person_approves(client, story, database, maria, john):
    story.decide(maria, Outcome.RECOMMENDED)
    sign_in(client, "john@state.example")
    task = one_task(story)
    take(database, task, john)
    page = page_of(client, f"/tasks/{task.id}")
    assert "Decided so far" in page
    assert "Maria" in page
    assert "Recommend approval" not in page
    answer = press(client, page, f"/tasks/{task.id}/decide", outcome="approved")
    assert answer.status_code == 303
    assert [row.outcome for row in decisions(database)] == ["recommended", "approved"]


def test_a_person_of_the_organization_may_not_decide(as_maria, story, database, maria):
    task, page = in_hand(as_maria, story, database, maria)
    with Session(database.app_engine, expire_on_commit=False) as session:
        give(session, maria, Role.ORG, task.org_id)
        session.commit()
    assert press(as_maria, page, f"/tasks/{task.id}/decide", outcome="recommended").status_code == 403
    assert "You have a role at this organization" in page_of(as_maria, f"/tasks/{task.id}")
    assert decisions(database) == []


def note_name(story, field, kind=SectionKind.A):
    return f"note_{story.section(kind).id.hex}_{field}"


def test_fields_go_back_each_with_its_reason(as_maria, story, database, maria):
    task, page = in_hand(as_maria, story, database, maria)
    notes = {note_name(story, "zip"): "Wrong ZIP", note_name(story, "frozen_vials", SectionKind.B): "Check the freezer"}
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", outcome="returned", reason="", **notes)
    assert answer.status_code == 303
    with Session(database.app_engine, expire_on_commit=False) as session:
        assert {note.field: note.reason for note in session.scalars(select(ReturnNote))} == {
            "zip": "Wrong ZIP",
            "frozen_vials": "Check the freezer",
        }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choose a decision."),
        ({"outcome": "banished"}, "Choose one of the answers: Your decision"),
        ({"outcome": "returned"}, "Mark at least one field and say what needs to be corrected."),
        ({"outcome": "denied", "reason": "   "}, "Enter a reason."),
        ({"outcome": "denied", "reason": "x" * 2001}, "Use 2000 characters or fewer."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(as_maria, story, database, maria, typed, words):
    task, page = in_hand(as_maria, story, database, maria)
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "There is a problem" in answer.text
    assert decisions(database) == []


def test_notes_do_not_go_with_a_recommendation_and_are_kept(as_maria, story, database, maria):
    task, page = in_hand(as_maria, story, database, maria)
    name, hostile = note_name(story, "city"), "O'Brien <script>alert(1)</script> 🚑"
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", outcome="recommended", **{name: hostile})
    assert answer.status_code == 422
    assert "You wrote what needs to be corrected." in answer.text
    assert "O&#39;Brien &lt;script&gt;alert(1)&lt;/script&gt; 🚑" in answer.text


def test_a_note_of_an_unknown_field_is_not_taken(as_maria, story, database, maria):
    task, page = in_hand(as_maria, story, database, maria)
    name = f"note_{uuid4().hex}_zip"
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", outcome="returned", **{name: "x", "note_x": "y"})
    assert answer.status_code == 422


def test_the_slower_of_two_hears_who_decided_and_how(as_maria, story, database, maria, john):
    task, page = in_hand(as_maria, story, database, maria)
    with database.app_engine.begin() as connection:
        connection.execute(text("UPDATE tasks SET claim_ends_at = db_now() - interval '1 s'"))
    story.decide(john, Outcome.DENIED, reason="No license")
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", outcome="recommended")
    assert answer.status_code == 409
    assert "John decided this a moment ago: Denied." in answer.text
    assert "Save the decision" not in answer.text


def test_a_task_in_other_hands_cannot_be_decided_and_what_was_typed_stays(as_maria, story, database, maria, john):
    task, page = in_hand(as_maria, story, database, maria)
    with database.app_engine.begin() as connection:
        connection.execute(text("UPDATE tasks SET assignee_id = :john"), {"john": john})
    typed = {note_name(story, "zip"): "Wrong ZIP"}
    answer = press(as_maria, page, f"/tasks/{task.id}/decide", outcome="returned", **typed)
    assert answer.status_code == 409
    assert "John took this" in answer.text
    assert "Wrong ZIP" in answer.text


def test_giving_back_returns_the_task_to_the_team(as_maria, story, database, maria):
    task, page = in_hand(as_maria, story, database, maria)
    answer = press(as_maria, page, f"/tasks/{task.id}/release")
    assert answer.location == "/tasks?view=mine"
    with Session(database.app_engine, expire_on_commit=False) as session:
        assert session.get_one(Task, task.id).status == "open"
    assert "You released the task." in page_of(as_maria)


def test_the_second_review_shows_what_changed_and_what_was_said(as_maria, story, database, maria):
    note = FieldNote(story.section().id, "zip", "Wrong ZIP")
    story.decide(maria, Outcome.RETURNED, notes=[note])
    story.save(story.section().id, {"zip": "28608"})
    story.complete(story.section().id)
    story.process()
    story.sign_all()
    story.submit()
    page = page_of(as_maria, f"/tasks/{one_task(story).id}")
    assert "corrected this application and submitted it again" in page
    assert "1 answer changed since the last time." in page
    assert "Changed. It was: 28607" in page
    assert re.search(r"Returned on [^<]+: Wrong ZIP", page)


@pytest.fixture
def late(story, database):
    """The supervisor's task about the review that is late."""
    task = one_task(story)
    with Session(database.app_engine, expire_on_commit=False) as session:
        found = open_task(
            Act(session, SYSTEM),
            process_id=task.process_id,
            kind=TaskKind.RESOLVE_OVERDUE_TASK,
            subject_id=task.id,
            org_id=task.org_id,
            opening_key=uuid4().hex,
            title_values=task.title_values,
        )
        session.commit()
    return task, found


@pytest.fixture
def as_sam(client, database, late):
    sam = staff(database, "sam", Role.SUP)
    take(database, late[1], sam)
    sign_in(client, "sam@state.example")
    return client


def test_a_supervisor_gives_more_time(as_sam, late, database):
    review, task = late
    page = page_of(as_sam, f"/tasks/{task.id}")
    assert "What is late" in page
    answer = press(
        as_sam, page, f"/tasks/{task.id}/decide", outcome="extended", business_days="3", reason="Storm", assignee=""
    )
    assert answer.status_code == 303
    with Session(database.app_engine, expire_on_commit=False) as session:
        assert session.get_one(Task, task.id).outcome == "extended"
        assert session.get_one(Task, review.id).due_at - review.due_at != timedelta(0)


def test_a_supervisor_assigns_it_to_somebody_of_the_team(as_sam, late, database, maria):
    review, task = late
    page = page_of(as_sam, f"/tasks/{task.id}")
    assert "Maria, 0 tasks assigned" in page
    typed = {"outcome": "assigned", "business_days": "2", "reason": "Leave", "assignee": str(maria)}
    assert press(as_sam, page, f"/tasks/{task.id}/decide", **typed).status_code == 303
    with Session(database.app_engine, expire_on_commit=False) as session:
        assert session.get_one(Task, review.id).assignee_id == maria


def test_the_excluded_person_is_not_offered(client, story, database, maria, john):
    story.decide(maria, Outcome.RECOMMENDED)
    task = one_task(story)
    with Session(database.app_engine, expire_on_commit=False) as session:
        late = open_task(
            Act(session, SYSTEM),
            process_id=task.process_id,
            kind=TaskKind.RESOLVE_OVERDUE_TASK,
            subject_id=task.id,
            org_id=task.org_id,
            opening_key=uuid4().hex,
        )
        session.commit()
    take(database, late, staff(database, "sam", Role.SUP))
    sign_in(client, "sam@state.example")
    page = page_of(client, f"/tasks/{late.id}")
    assert "John, 0 tasks assigned" in page
    assert "Maria, " not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"outcome": "extended", "business_days": "0", "reason": "Storm"}, "Enter a number from 1 to 20."),
        ({"outcome": "extended", "business_days": "many", "reason": "Storm"}, "Enter a whole number"),
        ({"outcome": "extended", "business_days": "2", "reason": ""}, "Why?: fill this in."),
        (
            {"outcome": "assigned", "business_days": "2", "reason": "x", "assignee": ""},
            "Choose who takes it over.",
        ),
        (
            {"outcome": "assigned", "business_days": "2", "reason": "x", "assignee": "nobody"},
            "Choose one of the answers",
        ),
    ],
)
def test_a_supervisor_hears_what_is_wrong(as_sam, late, typed, words):
    task = late[1]
    page = page_of(as_sam, f"/tasks/{task.id}")
    answer = press(as_sam, page, f"/tasks/{task.id}/decide", **{"assignee": "", **typed})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_reviewer_reads_the_supervisors_task_but_may_not_decide_it(as_maria, late):
    task = late[1]
    assert "This task is for another role." in page_of(as_maria, f"/tasks/{task.id}")
    form = page_of(as_maria).replace("/tasks/next", f"/tasks/{task.id}/decide")
    assert press(as_maria, form, f"/tasks/{task.id}/decide", outcome="extended").status_code == 403


def test_the_address_of_an_act_opened_as_a_page_leads_to_the_task(as_maria, story):
    task = one_task(story)
    assert as_maria.get(f"/tasks/{task.id}/decide").location == f"/tasks/{task.id}"


def test_the_record_shows_where_it_stands_and_its_history(as_maria, story, maria):
    story.decide(maria, Outcome.RECOMMENDED)
    page = page_of(as_maria, f"/staff/enrollment/{story.id}")
    for words in (
        "In approval",
        "the enrollment team",
        "Status",
        "Recommended approval",
        "Submitted the application",
    ):
        assert words in page
    assert "Email: we have the enrollment" in page
    assert "919) 555-0102" in page


def test_personal_fields_are_hidden_from_a_supervisor(client, story, database):
    staff(database, "sam", Role.SUP)
    sign_in(client, "sam@state.example")
    page = page_of(client, f"/staff/enrollment/{story.id}")
    assert "Hidden" in page
    assert "555-0102" not in page


def test_the_applicant_is_led_from_the_record_to_the_own_page(client, story, database):
    make_account(database.app_engine, "bea@blueridge.example", role=Role.ORG, organization=one_task(story).org_id)
    sign_in(client, "bea@blueridge.example")
    assert client.get(f"/staff/enrollment/{story.id}").location == f"/enrollment/{story.id}"
    assert client.get(f"/staff/enrollment/{uuid4()}").status_code == 404
