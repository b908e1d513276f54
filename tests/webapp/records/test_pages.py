"""The pages of a record that no capability has: its form, its gaps, its answers, the notes on them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask, Response, get_template_attribute

from models.domain.core.violations import RuleViolation
from models.domain.records.answers import missing_answers
from models.domain.records.notes import Correction, NoteState
from models.queries.records.choices import choices
from tests.toy_record import HOME, PERSON
from webapp.records.check_page import CheckForm, gaps
from webapp.records.forms import step_form
from webapp.records.noted_answers import answer_blocks, note_links
from webapp.records.notes_form import NotesForm, without_notes
from webapp.records.step_page import answers_to_save, following, leaves
from webapp.records.summary import answer_groups

NAME, LIVES = PERSON.steps
ID = UUID(int=1)


def sent(app: Flask, **typed: object):
    return app.test_request_context("/?lang=en", method="POST", data={"form_token": uuid4().hex, **typed})


def test_a_step_is_a_form_of_its_fields(app: Flask) -> None:
    with sent(app, zip="x", state="NC", version="1"):
        form = step_form(LIVES)()
        assert not form.check()
        assert {name for name, errors in form.errors.items() if errors} == {"street", "city", "county", "zip"}
        assert "Wake" in form.counties
        drawn = get_template_attribute("records/parts.html", "record_fields")(
            form, {"zip": "Look again"}, {"city": "x"}
        )
    assert drawn.count("<select") == 1
    assert "Look again" in drawn
    assert "Saved by somebody else: x" in drawn
    assert 'autocomplete="off"' in drawn


@pytest.mark.parametrize(("then", "saved"), [("later", {"name": "", "phone": ""}), ("continue", None)])
def test_saving_for_later_asks_for_nothing(app: Flask, then: str, saved: object) -> None:
    with sent(app, then=then, version="1"):
        assert answers_to_save(step_form(NAME)()) == saved


def test_A12_saving_for_later_keeps_what_is_right_and_stays_over_the_rest(app: Flask) -> None:
    with sent(app, then="later", version="1", name="Ana", phone="12"):
        form = step_form(NAME)()
        assert answers_to_save(form) == {"name": "Ana"}
        assert leaves(form, Response()) is None
    assert form.phone.errors
    assert form.stays_open


def test_what_the_reader_saved_in_another_window_is_called_so(app: Flask) -> None:
    with sent(app, version="1"):
        fields = get_template_attribute("records/parts.html", "record_fields")
        drawn = fields(step_form(LIVES)(), {}, {"city": "x"}, own=True)
    assert "Saved in your other window: x" in drawn


def test_the_next_page_is_the_check_page_for_who_came_from_there(app: Flask) -> None:
    with app.test_request_context("/"):
        assert (following(PERSON, NAME), following(PERSON, LIVES)) == (LIVES, None)
    with app.test_request_context("/?back=check"):
        assert following(PERSON, NAME) is None


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 10])
def test_a_version_that_is_none_is_refused(app: Flask, version: str) -> None:
    with sent(app, name="Ana", version=version):
        form = step_form(NAME)()
        assert not form.validate()
        assert form.seen_version == 0
        assert CheckForm().seen_version == 0


def test_every_gap_leads_to_its_field(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        found = missing_answers(PERSON, {**HOME, "zip": "90210"}, choices())
        elsewhere = RuleViolation("no_location", "List one.")
        listed = gaps(PERSON, [*found, elsewhere], lambda field: f"/{field.step}#{field.name}", "/places")
    assert [gap.href for gap in listed] == ["/name#name", "/home#zip", "/places"]
    assert listed[0].message.startswith("Who you are – ")


def test_answers_are_shown_in_words_and_can_be_changed(app: Flask) -> None:
    answers = {"phone": "+19195550123", **HOME}
    with app.test_request_context("/?lang=en"):
        who, home = answer_groups(PERSON, answers, change=lambda field: f"/{field.name}", notes={"zip": "Why?"})
        given = answer_groups(PERSON, {"name": "Ana"}, only_given=True)
    assert [row["value"] for row in who.rows] == [None, "(919) 555-0123"]
    assert {row["name"]: row["value"] for row in home.rows}["State"] == "North Carolina"
    assert home.rows[-1]["note"] == "Why?"
    assert [[row["name"] for row in group.rows] for group in given] == [["Name"]]


def note(name: str) -> Correction:
    return Correction(ID, name, "Why", NoteState.OPEN)


def test_a_reviewer_sees_what_changed_and_nothing_personal_when_masked(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        [who, _home] = answer_blocks(
            PERSON,
            ID,
            {"name": "Ana", "phone": "+19195550123"},
            before={"name": "Anna", "phone": "+19195550124"},
            notes={"name": ("Returned",)},
            masked=True,
        )
        [link] = note_links(PERSON, "Here", (note("zip"), note("gone")), lambda field: f"/{field.name}")
    name, phone = who.lines
    assert (name.value, name.before, name.notes) == ("Ana", "Anna", ("Returned",))
    assert (phone.value, phone.before, phone.changed) == ("Hidden", "Hidden", True)
    assert (link.href, link.reason) == ("/zip", "Why")


@pytest.mark.parametrize("inline", [True, False])
def test_notes_are_asked_for_each_answer_or_for_those_that_are_marked(app: Flask, inline: bool) -> None:
    key = f"{ID.hex}_zip"
    with sent(app, **{f"note_{key}": "Look again", "returned": [key]}):
        [who, home] = answer_blocks(PERSON, ID, HOME, before=None, notes={}, masked=False)
        form = NotesForm()
        form.ask_notes([*who.lines, *home.lines], inline=inline)
        assert [(note.field, note.reason) for note in form.notes()] == [("zip", "Look again")]
        assert (form.note_of(f"{ID.hex}_city") is not None) is inline
        form.refuse(RuleViolation("reason_missing", "Enter a reason.", f"{ID}/zip"))
        assert form.note_of(key).errors
        assert not without_notes()


def test_a_form_without_notes_needs_no_answers_to_be_read(app: Flask) -> None:
    with sent(app, note_x="", outcome="approved"):
        assert without_notes()
