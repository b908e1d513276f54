"""The mailed links: opened without effect, used once, replaced, too old, renewed; who may come in (E3, E4)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.domain.core.actors import link_holder, person
from models.store.core.act import Act
from models.store.enrollment.sections import reopen_section
from models.store.enrollment.signatures import sign_section
from models.tables.core.audit import AuditRow
from models.tables.core.links import Link
from models.tables.identity.accounts import Account
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import PASSWORD, make_account
from tests.webapp.applicants import ADMIN, COORDINATOR, browser, hidden, link_for, mails_to, post_form
from tests.webapp.enrollment.forms import START, a, awaiting, b, draft, wished

CEO = "ceo@blueridge.example"
DEE = "dee@other.example"
LINKS: dict[str, tuple[Callable[[Database], EnrollmentStory], str, str]] = {
    "confirm": (wished, DEE, "confirm_enrollment"),
    "join": (draft, COORDINATOR, "join_location"),
    "sign": (awaiting, CEO, "sign_section"),
}
every_link = pytest.mark.parametrize("kind", LINKS)


def opened(database: Database, kind: str) -> tuple[EnrollmentStory, str]:
    stage, address, template = LINKS[kind]
    story = stage(database)
    return story, link_for(database, address, template).partition("?")[0]


def audit_rows(story: EnrollmentStory) -> int:
    return story.read(lambda session: session.scalar(select(func.count()).select_from(AuditRow)))


def come_in(client: FlaskClient, kind: str, path: str) -> None:
    values = {"password": PASSWORD} if kind != "sign" else {"typed_name": "Erik Olsen", "confirmed": "y"}
    assert post_form(client, path, **values).status_code == 303


@every_link
def test_opening_a_link_changes_nothing(app: Flask, database: Database, kind: str) -> None:
    story, path = opened(database, kind)
    before = audit_rows(story)
    client = browser(app)
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert audit_rows(story) == before
    assert story.read(lambda session: session.scalar(select(func.count()).where(Link.used_at.is_not(None)))) == 0


@every_link
@pytest.mark.parametrize("token", ["x", "A" * 43, "%2e%2e%2f", "x" * 10_000, "é"])
def test_a_link_that_is_none_of_ours(app: Flask, database: Database, kind: str, token: str) -> None:
    opened(database, kind)
    answer = browser(app).get(f"/enrollment/{kind}/{token}")
    assert answer.status_code == 404
    assert "Blue Ridge" not in answer.get_data(as_text=True)


@every_link
def test_a_link_of_another_purpose_is_unknown(app: Flask, database: Database, kind: str) -> None:
    _story, path = opened(database, kind)
    other = next(name for name in LINKS if name != kind)
    assert browser(app).get(path.replace(kind, other)).status_code == 404


@every_link
def test_a_used_link_says_so_and_does_nothing(app: Flask, database: Database, kind: str) -> None:
    story, path = opened(database, kind)
    come_in(browser(app), kind, path)
    before = audit_rows(story)
    again = browser(app)
    answer = again.get(path)
    if kind == "sign":
        assert answer.status_code == 200
        assert "Erik Olsen" in answer.get_data(as_text=True)
    else:
        assert answer.status_code == 410
        assert "already used" in answer.get_data(as_text=True)
    values = {"password": "another good password", "typed_name": "Erik Olsen", "confirmed": "y"}
    sent = post_form(again, path, page="/enrollment/begin/details", **values)
    assert sent.status_code in (200, 410)
    assert audit_rows(story) == before


@every_link
def test_an_old_link_offers_a_fresh_one(app: Flask, database: Database, kind: str) -> None:
    _story, path = opened(database, kind)
    database.shift_clock("30 days")
    try:
        client = browser(app)
        page = client.get(path)
        assert page.status_code == 410
        assert "Blue Ridge" not in page.get_data(as_text=True)
        assert "expired" in page.get_data(as_text=True)
        token = hidden(client, "/enrollment/begin/details")
        refused = client.post(path, data={**token, "password": PASSWORD, "typed_name": "Erik Olsen", "confirmed": "y"})
        assert refused.status_code == 410
        assert post_form(client, f"{path}/fresh", page=path).location == "/enrollment/link-sent"
        assert client.get("/enrollment/link-sent").status_code == 200
        _, address, template = LINKS[kind]
        fresh = link_for(database, address, template).partition("?")[0]
        assert fresh != path
        assert client.get(fresh).status_code == 200
        come_in(client, kind, fresh)
    finally:
        database.shift_clock("0 days")


@every_link
def test_A9_fresh_links_are_braked_and_the_page_says_so(app: Flask, database: Database, kind: str) -> None:
    _story, path = opened(database, kind)
    _, address, _template = LINKS[kind]
    client = browser(app)
    database.shift_clock("30 days")
    try:
        data = hidden(client, path)
        for _ in range(5):
            again = {**data, "form_token": uuid4().hex}
            assert client.post(f"{path}/fresh", data=again).location == "/enrollment/link-sent"
        braked = client.post(f"{path}/fresh", data={**data, "form_token": uuid4().hex})
        assert braked.status_code == 429
        assert "several emails to this address" in braked.text
        assert int(braked.headers["Retry-After"]) > 3000
        assert len(mails_to(database, address)) <= 7
    finally:
        database.shift_clock("0 days")


def test_a_replaced_link_points_to_the_newest(app: Flask, database: Database) -> None:
    story, path = opened(database, "join")
    database.shift_clock("1 day")
    try:
        client = browser(app, ADMIN)
        home = f"/enrollment/{story.id}"
        again = post_form(client, f"/enrollment/sections/{b(story)}/send-again", page=home)
        assert again.status_code == 303
        assert "We sent a new link" in client.get(again.location).get_data(as_text=True)
        old = browser(app).get(path)
        assert old.status_code == 410
        assert "replaced" in old.get_data(as_text=True)
    finally:
        database.shift_clock("0 days")


def test_the_link_to_an_older_text_says_that_the_answers_changed(app: Flask, database: Database) -> None:
    story, path = opened(database, "sign")
    client = browser(app)
    data = {**hidden(client, path), "typed_name": "Erik Olsen", "confirmed": "y"}
    story.act(lambda session, key: reopen_section(Act(session, person(story.admin), key), section_id=a(story)))
    for answer in (client.get(path), client.post(path, data=data)):
        assert answer.status_code == 410
        assert "answers were changed" in answer.get_data(as_text=True)


def test_another_name_is_no_signature(app: Flask, database: Database) -> None:
    _story, path = opened(database, "sign")
    answer = post_form(browser(app), path, typed_name="Somebody Else", confirmed="y")
    assert answer.status_code == 422
    assert "Type your name exactly like this: Erik Olsen" in answer.get_data(as_text=True)


def test_the_text_that_was_shown_is_the_text_that_is_signed(app: Flask, database: Database) -> None:
    story, path = opened(database, "sign")
    client = browser(app)
    answer = client.post(
        path, data={**hidden(client, path), "text_hash": "0" * 64, "typed_name": "Erik Olsen", "confirmed": "y"}
    )
    assert answer.status_code == 409
    assert 'value="Erik Olsen"' in answer.get_data(as_text=True)
    assert all(one.signed_at is None for one in story.signatures())
    text = client.get(path).get_data(as_text=True)
    assert "cmo@blueridge.example" not in text
    assert CEO in text


def test_a_signature_after_the_signature_is_refused(app: Flask, database: Database) -> None:
    story, path = opened(database, "sign")
    client = browser(app)
    data = {**hidden(client, path), "typed_name": "Erik Olsen", "confirmed": "y"}
    ceo = next(one for one in story.signatures() if one.role == "ceo")
    story.act(
        lambda session, key: sign_section(
            Act(session, link_holder(uuid4()), key),
            signature_id=ceo.id,
            text_hash=ceo.text_hash,
            typed_name="Erik Olsen",
        )
    )
    before = audit_rows(story)
    assert client.post(path, data=data).status_code == 200
    assert audit_rows(story) == before


def test_whoever_has_an_account_signs_in_first(app: Flask, database: Database) -> None:
    story, path = opened(database, "join")
    make_account(database.app_engine, COORDINATOR, name="Coco Lane")
    visitor = browser(app)
    page = visitor.get(path).get_data(as_text=True)
    assert f"/sign-in?next={path.replace('/', '%2F')}" in page or f"/sign-in?next={path}" in page
    assert 'name="password"' not in page
    refused = post_form(visitor, path, page="/enrollment/begin/details", password="another good password")
    assert refused.status_code == 409
    coco = browser(app, COORDINATOR)
    assert post_form(coco, path).location == f"/enrollment/{story.id}"
    assert coco.get(f"/enrollment/{story.id}").status_code == 200


@pytest.mark.parametrize("kind", ["confirm", "join"])
def test_another_account_does_not_come_in(app: Flask, database: Database, kind: str) -> None:
    story, path = opened(database, kind)
    client = browser(app, ADMIN)
    before = audit_rows(story)
    assert "another account" in client.get(path).get_data(as_text=True)
    answer = post_form(client, path, page="/enrollment/begin/details", password=PASSWORD)
    assert answer.status_code == 409
    assert audit_rows(story) == before


def test_no_name_stands_on_the_page_that_confirms(app: Flask, database: Database) -> None:
    _story, path = opened(database, "confirm")
    text = browser(app).get(path).get_data(as_text=True)
    assert not [word for word in ("Dee", "Fox", "Other", DEE) if word in text]


@pytest.mark.parametrize("password", ["tiny-heron", "covidvaccinecvms", "aaaaaaaaaaaaaaaaaaaa", "otherotherotherother"])
def test_a_weak_password_makes_no_account(app: Flask, database: Database, password: str) -> None:
    story, path = opened(database, "confirm")
    answer = post_form(browser(app), path, password=password)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.get_data(as_text=True)
    assert password not in answer.get_data(as_text=True)
    assert story.read(lambda session: session.scalar(select(func.count()).select_from(Account))) == 1
    come_in(browser(app), "confirm", path)


def test_beginning_answers_alike_for_every_address(app: Flask, database: Database) -> None:
    make_account(database.app_engine, "known@example.org")
    pages = set()
    for email in ("known@example.org", "new@example.org"):
        client = browser(app)
        answer = post_form(client, "/enrollment/begin/details", **{**START, "email": email})
        pages.add((answer.status_code, answer.location, client.get(answer.location).get_data(as_text=True)))
    assert len(pages) == 1
    assert mails_to(database, "known@example.org") == ["confirm_enrollment_known"]
    assert mails_to(database, "new@example.org") == ["confirm_enrollment"]


def test_A9_beginning_again_and_again_is_braked_and_sends_no_more(app: Flask, database: Database) -> None:
    client = browser(app)
    answers = [post_form(client, "/enrollment/begin/details", **START).status_code for _ in range(7)]
    assert answers == [303] * 5 + [429] * 2
    assert len(mails_to(database, ADMIN)) == 5


def test_the_link_opens_in_the_language_of_the_person(app: Flask, database: Database) -> None:
    draft(database)
    path = link_for(database, COORDINATOR, "join_location")
    assert '<html lang="es">' in browser(app).get(path).get_data(as_text=True)
