"""A person's act: once, however often the button is pressed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from wtforms import StringField

from models.domain.core.violations import RuleViolation
from webapp.core.forms.form import Form
from webapp.core.forms.submission import submit_form

NOTE = """INSERT INTO attempts (action, subject_hash, address_hash, known_device, succeeded)
          VALUES ('note', :key, '', false, true)"""
TOKEN = "0123456789abcdef" * 2


class NoteForm(Form):
    note = StringField("Note")


@pytest.fixture
def noting(own_app: Flask) -> Flask:
    own_app.config["WTF_CSRF_ENABLED"] = False

    def note(act):
        if NoteForm().note.data == "refuse":
            act.session.execute(text(NOTE), {"key": "half"})
            raise RuleViolation("no", "This is not allowed.", "note")
        act.session.execute(text(NOTE), {"key": act.cause_key})
        act.session.execute(text("SELECT pg_sleep(0.2)"))
        return f"/noted/{NoteForm().note.data}"

    @own_app.route("/note", methods=["POST"])
    def post_note():
        form = NoteForm()
        if form.validate_on_submit():
            answer = submit_form(form, note)
            if answer is not None:
                return answer
        return "; ".join(link.message for link in form.error_links), form.status

    return own_app


def send(app, **typed):
    return app.test_client().post("/note", data={"form_token": TOKEN, "note": "a", **typed})


def effects(database):
    with database.owner_engine.begin() as connection:
        return connection.execute(text("SELECT count(*) FROM attempts")).scalar_one()


def test_an_act_is_done_and_leads_on(noting, database):
    response = send(noting)
    assert (response.status_code, response.location) == (303, "/noted/a")
    assert effects(database) == 1


def test_the_same_form_again_gets_the_same_answer_and_no_second_effect(noting, database):
    first, second = send(noting), send(noting)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert effects(database) == 1


def test_a_double_press_at_the_same_moment_is_one_act(noting, database):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(noting), range(4)))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/noted/a")}
    assert effects(database) == 1


def test_A1_other_answers_under_the_same_token_are_another_act(noting, database):
    """The browser's Back, a correction, and send."""
    assert [send(noting, note=note).location for note in "abb"] == ["/noted/a", "/noted/b", "/noted/b"]
    assert effects(database) == 2


def test_A1_what_was_sent_last_counts(noting, database):
    """Back, a correction, Back again, and the first answers after all."""
    assert [send(noting, note=note).location for note in "abaa"] == ["/noted/a", "/noted/b", "/noted/a", "/noted/a"]
    assert effects(database) == 3


def test_A1_each_set_of_answers_pressed_at_the_same_moment_is_one_act(noting, database):
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda note: send(noting, note=note).location, "ababab"))
    assert answers == ["/noted/a", "/noted/b"] * 3
    assert effects(database) == 2


def test_a_refused_act_keeps_nothing_and_may_be_sent_again(noting, database):
    response = send(noting, note="refuse")
    assert response.status_code == 422
    assert "This is not allowed." in response.get_data(as_text=True)
    assert effects(database) == 0
    assert send(noting, note="b").location == "/noted/b"


def test_the_kept_hash_tells_nothing_of_the_form(noting, database):
    send(noting, note="Zzcanary")
    with database.owner_engine.begin() as connection:
        kept = connection.execute(text("SELECT request_hash FROM form_answers")).scalar_one()
    assert len(kept) == 64
