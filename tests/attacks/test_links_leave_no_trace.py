"""Mailed links (S13, S15): scanners open them in vain, a poisoned host changes none, and no token stays anywhere."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from models import migrations
from models.crypto.sealing import new_token
from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.accounts import create_account, invite_account
from tests.attacks.test_forgery_every_form import everything
from tests.enrollment_story import SECTION_A
from tests.webapp.accounts import TOKEN, make_account, post, sign_in
from tests.webapp.applicants import COORDINATOR, hidden, link_for
from tests.webapp.enrollment.forms import awaiting, draft, wished

CEO = f"{SECTION_A['ceo_first_name']} {SECTION_A['ceo_last_name']}"
NEW = "nine loud ravens walking"
OLD_ANSWER = """
INSERT INTO form_answers (actor_id, route, key, request_hash, status_code, location)
VALUES (:actor, '/x', :key, '', 303, :location)"""
POISON = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Host": "evil.example",
    "X-Original-URL": "//evil.example/",
    "X-Rewrite-URL": "//evil.example/",
    "Forwarded": "host=evil.example;proto=http",
}


def reset(database):
    make_account(database.app_engine)
    return "ana@example.org", "password_reset"


def invitation(database):
    with transaction(database.app_engine) as session:
        account_id = create_account(
            Act(session, SYSTEM, "c"), email="new@example.org", name="New", language="en", password=None
        )
        invite_account(Act(session, SYSTEM, uuid4().hex), account_id=account_id)
    return "new@example.org", "account_invitation"


def confirmation(database):
    wished(database)
    return "dee@other.example", "confirm_enrollment"


def joining(database):
    draft(database)
    return COORDINATOR, "join_location"


def signing(database):
    awaiting(database)
    return "ceo@blueridge.example", "sign_section"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


@pytest.fixture
def hand_over(sender):
    def all_of_them():
        while sender.send_due():
            pass

    return all_of_them


def whole_database(database):
    """Every row of every table as text; bytes in hex and as they are."""
    with database.owner_engine.connect() as connection:
        names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        rows = [connection.scalars(text(f"SELECT t::text FROM {name} t")).all() for name in names]
    return "\n".join(row for found in rows for row in found)


@pytest.mark.parametrize("kind", [reset, invitation, confirmation, joining, signing])
def test_O10_no_column_holds_the_token_of_a_link_that_was_used(app, database, sink, hand_over, kind):
    address, template = kind(database)
    client = app.test_client()
    if kind is reset:
        post(client, "/account/forgot", email=address)
    path = link_for(database, address, template).partition("?")[0]
    hand_over()
    answers = {"password": NEW, "name": "Dee Dee", "typed_name": CEO, "confirmed": "y"}
    sent = {**hidden(client, path), **answers}
    first = client.post(path, data=sent)
    assert first.status_code == 303, first.get_data(as_text=True)
    if kind in {reset, signing}:  # whoever is signed in now has another session, which the form does not know
        assert client.post(path, data=sent).location == first.location
    token = path.rsplit("/", 1)[1]
    kept = whole_database(database)
    assert token not in kept
    assert token.encode().hex() not in kept
    assert b64encode(path.encode()).decode().rstrip("=") not in kept


def test_O10_older_answers_lose_their_tokens(database):
    """What the migration does to rows that were written before it."""
    [path] = (Path(migrations.__file__).parent / "versions").glob("*_sealed_answers.py")
    [statement] = re.findall(r'execute\("(UPDATE .*)"\)\n\n\ndef downgrade', path.read_text())
    places = {f"/enrollment/sign/{new_token()}": "/", f"/tasks/{uuid4()}": None, "/account": None}
    with transaction(database.owner_engine) as session:
        for number, place in enumerate(places):
            values = {"actor": uuid4(), "key": str(number), "location": place}
            session.execute(text(OLD_ANSWER), values)
        session.execute(text(statement))
        kept = set(session.execute(text("SELECT location FROM form_answers")).scalars())
    assert kept == {after or place for place, after in places.items()}


@pytest.mark.parametrize("kind", [reset, invitation, confirmation, joining, signing])
def test_a_scanner_that_opens_a_link_changes_nothing_and_leaves_it_alive(app, database, kind):
    address, template = kind(database)
    if kind is reset:
        post(app.test_client(), "/account/forgot", email=address)
    path = link_for(database, address, template).partition("?")[0]
    before = everything(database)
    scanner = app.test_client()
    for method in ("HEAD", "GET", "OPTIONS") * 5:
        answer = scanner.open(path, method=method, headers={"User-Agent": "Safe Links", "Purpose": "prefetch"})
        assert answer.status_code == 200
    assert everything(database) == before
    assert app.test_client().get(path).status_code == 200


def test_a_poisoned_host_stands_in_no_mail(app, database, sink, hand_over):
    make_account(database.app_engine)
    client = app.test_client()
    page = client.get("/account/forgot")
    assert page.status_code == 200
    assert post_poisoned(client, page).status_code in {303, 400, 403}
    post(client, "/account/forgot", email="ana@example.org")
    hand_over()
    assert sink.mails
    for mail in sink.mails:
        assert "evil" not in mail.as_string()
        assert "https://cvms.example/account/reset/" in mail.get_body(("plain",)).get_content()


def post_poisoned(client, page):
    tokens = dict(TOKEN.findall(page.get_data(as_text=True)))
    return client.post("/account/forgot", data={**tokens, "email": "ana@example.org"}, headers=POISON)


def test_no_token_stays_in_the_database_after_its_mail_was_handed_over(app, database, sink, hand_over):
    make_account(database.app_engine)
    invitation(database)
    post(app.test_client(), "/account/forgot", email="ana@example.org")
    paths = [
        link_for(database, "ana@example.org", "password_reset"),
        link_for(database, "new@example.org", "account_invitation"),
    ]
    hand_over()
    assert len(sink.mails) == len(paths)
    kept = whole_database(database)
    for path in paths:
        token = path.rsplit("/", 1)[1]
        assert token not in kept
        assert token.encode().hex() not in kept
        assert any(path in mail.get_body(("plain",)).get_content() for mail in sink.mails)
    with database.owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM messages WHERE sealed IS NOT NULL")) == 0


def test_a_mail_that_is_given_up_keeps_no_token(app, database, sink, hand_over):
    make_account(database.app_engine)
    post(app.test_client(), "/account/forgot", email="ana@example.org")
    sink.on_rcpt = lambda _address: "550 5.1.1 no such user"
    hand_over()
    assert sink.mails == []
    with database.owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM messages WHERE sealed IS NOT NULL")) == 0


def test_a_token_reaches_no_log_no_audit_and_no_other_site(app, database, caplog):
    make_account(database.app_engine)
    client = app.test_client()
    with caplog.at_level(logging.DEBUG):
        post(client, "/account/forgot", email="ana@example.org")
        path = link_for(database, "ana@example.org", "password_reset")
        opened = client.get(path)
        post(client, path, password="x")
        client.get(f"{path}x")
        client.delete(path)
        assert post(client, path, password=NEW).status_code == 303
        client.get(path)
    token = path.rsplit("/", 1)[1]
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert 'href="http' not in opened.get_data(as_text=True)
    assert caplog.records
    assert not [record for record in caplog.records if token in f"{record.getMessage()} {record.args} {record.msg}"]
    assert token not in whole_database(database)
    assert sign_in(client, password=NEW).status_code == 303
