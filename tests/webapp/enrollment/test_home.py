"""The applicant's home in every state: what is done, what waits for whom, what comes next (E9, E10)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from models.domain.core.actors import process as process_actor
from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.records.notes import FieldNote
from models.postgres.database import transaction
from models.queries.enrollment.process import process_of
from models.store.core.act import Act
from models.store.enrollment.chase import fire
from models.tables.core.tasks import Deadline
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import make_account
from tests.webapp.applicants import (
    ADMIN,
    COORDINATOR,
    SECTION_A,
    START,
    STEPS,
    browser,
    give_password,
    link_for,
    post_form,
    story_of,
)
from tests.webapp.enrollment.forms import a, awaiting, b, draft, in_review, joined, signature, signed


def home(app: Flask, story: EnrollmentStory, email: str = ADMIN) -> str:
    answer = browser(app, email).get(f"/enrollment/{story.id}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def chase(story: EnrollmentStory) -> None:
    """Let every deadline of the enrollment come, in its order."""
    waiting = select(Deadline).where(Deadline.entity_id == story.id).order_by(Deadline.due_at)
    for deadline in story.read(lambda session: list(session.scalars(waiting))):
        with transaction(story.database.worker_engine) as session:
            by = process_actor(process_of(session, story.id))
            fire(Act(session, by, as_of=deadline.due_at), deadline_id=deadline.id)
    story.process()


def returned(database: Database) -> EnrollmentStory:
    story = in_review(database)
    notes = [
        FieldNote(a(story), "cmo_license_number", "Not on the list of the board."),
        FieldNote(b(story), "frozen_vials", "Is it really 0?"),
    ]
    story.decide(story.reviewer(), Outcome.RETURNED, reason="Two answers to correct.", notes=notes)
    return story


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (story_of, ("Fill in section A", "Continue: Section A", "No locations yet", "Not started", "ENR-")),
        (draft, ("Coordinator invited", "Invited today", "Send again", "Continue: Section A")),
        (joined, ("In progress",)),
        (awaiting, ("Waiting for signature", "Asked today", "Name another signer", "waiting for signatures")),
        (signed, ("Signed on", "/submit")),
        (in_review, ("In review", "hear from us by", "With our enrollment team")),
        (
            returned,
            (
                "asked you to correct",
                "Correct it now",
                "Not on the list of the board.",
                "Is it really 0?",
                "Two answers to correct.",
            ),
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_home_says_where_it_stands(app: Flask, database: Database, stage, words: tuple[str, ...]) -> None:
    text = home(app, stage(database))
    assert [word for word in words if word not in text] == []


def test_a_return_shows_each_reason_at_its_field_and_keeps_every_answer(app: Flask, database: Database) -> None:
    story = returned(database)
    client = browser(app, ADMIN)
    page = client.get(f"/enrollment/sections/{a(story)}/cmo").get_data(as_text=True)
    assert "Not on the list of the board." in page
    assert 'value="2019-01234"' in page
    check = client.get(f"/enrollment/sections/{a(story)}/check").get_data(as_text=True)
    assert "Not on the list of the board." in check
    values = {name: SECTION_A[name] for name in STEPS["A"]["cmo"]} | {"cmo_license_number": "2019-99"}
    done = post_form(client, f"/enrollment/sections/{a(story)}/cmo", then="continue", **values)
    assert done.status_code == 303


def test_a_denial_says_why_and_what_can_be_done(app: Flask, database: Database) -> None:
    story = in_review(database)
    story.decide(story.reviewer(), Outcome.DENIED, reason="The license has ended.")
    text = home(app, story)
    assert "The license has ended." in text
    assert "What you can do" in text
    assert browser(app, ADMIN).get(f"/enrollment/{story.id}/withdraw").status_code == 409


def test_a_withdrawn_enrollment_is_over(app: Flask, database: Database) -> None:
    story = draft(database)
    client = browser(app, ADMIN)
    done = post_form(client, f"/enrollment/{story.id}/withdraw", reason="We closed.", confirmed="y")
    assert done.location == f"/enrollment/{story.id}"
    text = client.get(done.location).get_data(as_text=True)
    assert "Withdrawn" in text
    assert "/withdraw" not in text
    assert client.get(f"/enrollment/sections/{a(story)}/address").status_code == 409


def test_a_late_review_is_called_late(app: Flask, database: Database) -> None:
    story = in_review(database)
    database.shift_clock("60 days")
    try:
        assert "taking longer" in home(app, story)
    finally:
        database.shift_clock("0 days")


def test_after_the_last_reminder_the_applicant_keeps_or_replaces_the_signer(app: Flask, database: Database) -> None:
    story = awaiting(database)
    chase(story)
    tasks = story.tasks(TaskKind.NAME_ANOTHER_SIGNER)
    assert len(tasks) == 3
    client = browser(app, ADMIN)
    place = f"/enrollment/{story.id}"
    text = client.get(place).get_data(as_text=True)
    assert "No answer yet" in text
    assert "Reminded today" in text
    ceo = next(task for task in tasks if task.subject_id == signature(story, "ceo"))
    kept = post_form(client, f"/enrollment/signers/{ceo.id}/keep", page=place)
    assert kept.status_code == 303
    assert post_form(client, f"/enrollment/signers/{ceo.id}/keep", page=place).status_code == 409
    values = {name: SECTION_A[name] for name in STEPS["A"]["cmo"]}
    values |= {"cmo_first_name": "Nora", "cmo_email": "nora@blueridge.example"}
    named = post_form(client, f"/enrollment/signers/{signature(story, 'cmo')}", **values)
    assert named.location == place
    assert "Nora" in client.get(place).get_data(as_text=True)
    assert len(story.tasks(TaskKind.NAME_ANOTHER_SIGNER)) == 1


def test_a_coordinator_sees_and_changes_only_the_own_location(app: Flask, database: Database) -> None:
    story = joined(database)
    other = story.list_location("Durham", "dora@blueridge.example")
    give_password(story, story.coordinator)
    client = browser(app, COORDINATOR)
    text = client.get(f"/enrollment/{story.id}").get_data(as_text=True)
    assert "Boone" in text
    assert "Durham" not in text
    assert "Section A: your organization" not in text
    for place in (
        f"/enrollment/sections/{a(story)}/organization",
        f"/enrollment/sections/{a(story)}/check",
        f"/enrollment/sections/{other}/location",
        f"/enrollment/sections/{uuid4()}/location",
        f"/enrollment/sections/{b(story)}/organization",
    ):
        assert client.get(place).status_code == 404, place
    for place in (f"/enrollment/{story.id}/locations", f"/enrollment/{story.id}/submit"):
        assert client.get(place).status_code == 403, place


def test_staff_have_no_place_on_the_applicants_pages(app: Flask, database: Database) -> None:
    story = draft(database)
    make_account(database.app_engine, "rev@state.example", role=Role.REV, team="enrollment")
    reviewer = browser(app, "rev@state.example")
    assert reviewer.get(f"/enrollment/{story.id}").status_code == 403
    assert reviewer.get("/enrollment/begin").status_code == 403


def test_several_enrollments_are_listed(app: Flask, database: Database) -> None:
    story = draft(database)
    client = browser(app, ADMIN)
    post_form(client, f"/enrollment/{story.id}/withdraw", reason="We closed.", confirmed="y")
    post_form(client, "/enrollment/begin/details", **{**START, "organization_name": "Second"})
    second = post_form(client, link_for(database, ADMIN, "confirm_enrollment_known").partition("?")[0])
    assert second.status_code == 303
    text = client.get("/enrollment").get_data(as_text=True)
    assert "Second" in text
    assert "Withdrawn" in text


def test_A4_a_dead_address_is_said_beside_the_name_and_corrected_there(
    app: Flask, database: Database, sink, sender
) -> None:
    sink.on_rcpt = lambda address: "550 5.1.1 no such user" if address == COORDINATOR else "250 OK"
    story = draft(database)
    while sender.send_due():
        pass
    story.process()
    text = home(app, story)
    assert "Email not delivered" in text
    assert COORDINATOR in text
    assert "Invited today" not in text
    assert "Correct the address that is marked below." in text
    inbox = browser(app, ADMIN).get("/tasks").get_data(as_text=True)
    assert "Correct the email address of Coco Lane" in inbox
    changed = post_form(
        browser(app, ADMIN),
        f"/enrollment/locations/{b(story)}",
        name="Boone",
        coordinator_name="Coco Lane",
        coordinator_email="coco.lane@blueridge.example",
        language="es",
    )
    assert changed.status_code == 303
    story.process()
    assert "Email not delivered" not in home(app, story)


def test_A4_a_dead_address_of_a_signer_is_corrected_with_what_is_known(
    app: Flask, database: Database, sink, sender
) -> None:
    sink.on_rcpt = lambda address: "550 5.1.1 no such user" if address.startswith("cmo@") else "250 OK"
    story = awaiting(database)
    while sender.send_due():
        pass
    story.process()
    text = home(app, story)
    assert "Email not delivered" in text
    assert "Correct the address or name someone else" in text
    form = browser(app, ADMIN).get(f"/enrollment/signers/{signature(story, 'cmo')}").get_data(as_text=True)
    assert 'value="cmo@blueridge.example"' in form
