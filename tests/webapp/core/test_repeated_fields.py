"""One field twice, one token for two people, and a browser without cookies: said plainly (O11, A14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from models.store.core.audit import record
from models.tables.core.messages import Message
from tests.webapp.accounts import TOKEN, make_account, post, sign_in
from webapp.core.forms.form import Form
from webapp.core.forms.submission import submit_form

KEY = "0123456789abcdef" * 2


class ListForm(Form):
    note = StringField("Note")
    ticked = SelectMultipleField("Ticked", choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])


@pytest.fixture
def listing(own_app):
    app = own_app
    app.config["WTF_CSRF_ENABLED"] = False

    @app.route("/list", methods=["POST"])
    def post_list():
        form = ListForm()
        return f"{form.note.data} {form.ticked.data}"

    @app.route("/noted", methods=["POST"])
    def post_noted():
        def do(act):
            act.session.execute(text("SELECT pg_sleep(0.2)"))
            record(act, action="x", object_type="x", object_id=None)
            sent = {"template": "x", "to_address": "a@b.example", "language": "en", "params": {}}
            act.session.add(Message(**sent, cause_key=act.cause_key))
            act.session.flush()
            return "/"

        return submit_form(ListForm(), do) or ""

    return app


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_O11_a_field_that_stands_twice_in_a_form_is_refused(listing, kind):
    client = listing.test_client()
    for twice in ({"note": ["a", "b"]}, {"note": ["a", "a"]}, {"form_token": [KEY, KEY]}, {"unknown": ["a", "b"]}):
        assert client.post("/list", data={"note": "x", **twice}, content_type=kind).status_code == 400, twice
    assert client.get("/help?lang=en&lang=es").status_code == 400


def test_O11_a_list_of_checkboxes_may_repeat(listing):
    answer = listing.test_client().post("/list", data={"note": "x", "ticked": ["a", "b"]})
    assert answer.text == "x ['a', 'b']"


@pytest.fixture
def two_people(listing, database):
    listing.config["WTF_CSRF_ENABLED"] = True
    clients = []
    for email in ("ana@example.org", "eve@example.org"):
        make_account(database.app_engine, email)
        clients.append(listing.test_client())
        assert sign_in(clients[-1], email).status_code == 303
    return clients


def noted(client):
    tokens = dict(TOKEN.findall(client.get("/account").get_data(as_text=True)))
    return client.post("/noted", data={**tokens, "form_token": KEY}).status_code


def test_O11_another_persons_used_token_is_a_conflict(two_people):
    ana, eve = two_people
    assert noted(ana) == 303
    assert noted(eve) == 409
    assert noted(ana) == 303, "her own form sent again gets its first answer"


def test_O11_one_token_sent_by_two_at_once_is_a_conflict_for_one(two_people):
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(noted, two_people)) == [303, 409]


def test_A14_without_cookies_the_page_says_that_they_are_needed(app):
    blocked = app.test_client(use_cookies=False)
    answer = post(blocked, "/sign-in", email="ana@example.org", password="x")
    assert answer.status_code == 400
    assert "must accept cookies" in answer.text
    assert "open for too long" not in answer.text


def test_A14_with_any_of_our_cookies_the_page_was_open_for_too_long(app):
    client = app.test_client()
    client.set_cookie("cvms_device", "x")
    assert "open for too long" in client.post("/sign-in", data={}).text
