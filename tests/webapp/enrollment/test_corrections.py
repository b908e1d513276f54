"""A returned enrollment: items are ticked off, each note can be answered, and the reviewer reads the reply (U7)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome
from models.domain.records.notes import FieldNote
from models.tables.enrollment.lifecycle import ReturnReply
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import make_account
from tests.webapp.applicants import ADMIN, COORDINATOR, browser, give_password, post_form
from tests.webapp.enrollment.forms import a, b, in_review

LICENSE, VIALS = "Not on the list of the board.", "Is it really 0?"


@pytest.fixture
def returned(database: Database) -> EnrollmentStory:
    story = in_review(database)
    notes = [FieldNote(a(story), "cmo_license_number", LICENSE), FieldNote(b(story), "frozen_vials", VIALS)]
    story.decide(story.reviewer(), Outcome.RETURNED, reason="Two answers to correct.", notes=notes)
    return story


def home(app: Flask, story: EnrollmentStory, email: str = ADMIN) -> str:
    return browser(app, email).get(f"/enrollment/{story.id}").get_data(as_text=True)


def reply(app: Flask, story: EnrollmentStory, said: str, email: str = ADMIN) -> int:
    place = f"/enrollment/sections/{b(story)}/capacity/replies"
    client = browser(app, email)
    page = client.get(place).get_data(as_text=True)
    name = page.split("<textarea")[1].split('name="')[1].split('"')[0]
    return post_form(client, place, **{name: said}).status_code


def test_U7_what_was_corrected_is_ticked_off_and_the_next_step_moves_on(app: Flask, returned: EnrollmentStory) -> None:
    page = home(app, returned)
    assert (page.count("To correct</span>"), "Correct it now" in page) == (2, True)
    returned.save(a(returned), {"cmo_license_number": "2019-99999"})
    page = home(app, returned)
    assert (page.count("To correct</span>"), page.count("Corrected</span>"), LICENSE in page) == (1, 1, True)
    returned.save(b(returned), {"frozen_vials": "3"}, returned.coordinator)
    page = home(app, returned)
    assert "Correct it now" not in page
    assert "Continue: Section A" in page


def test_U7_a_reply_ticks_off_and_stands_beside_the_note_for_the_reviewer(
    app: Flask, returned: EnrollmentStory, database: Database
) -> None:
    give_password(returned, returned.coordinator)
    assert reply(app, returned, "We have no freezer.", COORDINATOR) == 303
    assert "You replied</span>" in home(app, returned)
    assert reply(app, returned, "We have no freezer <b>yet</b>.") == 303
    make_account(database.app_engine, "maria@state.example", role=Role.REV, team="enrollment", name="Maria")
    record = browser(app, "maria@state.example").get(f"/staff/enrollment/{returned.id}").get_data(as_text=True)
    assert "The applicant replied: We have no freezer &lt;b&gt;yet&lt;/b&gt;." in record
    assert record.index(VIALS) < record.index("The applicant replied")


def test_U7_an_empty_reply_is_said_beside_its_field(app: Flask, returned: EnrollmentStory) -> None:
    assert reply(app, returned, " ") == 422


def test_U7_nobody_replies_before_or_after_the_return(app: Flask, database: Database) -> None:
    story = in_review(database)
    assert browser(app, ADMIN).get(f"/enrollment/sections/{b(story)}/capacity/replies").status_code == 409


def test_U7_a_reply_is_a_final_fact(app: Flask, returned: EnrollmentStory, database: Database) -> None:
    assert reply(app, returned, "We have no freezer.") == 303
    with Session(database.app_engine) as session:
        assert session.scalars(select(ReturnReply.reply)).all() == ["We have no freezer."]
    with database.app_engine.begin() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("UPDATE return_replies SET reply = 'other'"))
