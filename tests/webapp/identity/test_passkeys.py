"""Passkeys beside the app: connected, used in place of a code, removed; every wrong answer is refused (S10)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, text, update

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.second_factors import remove_second_factor
from models.tables.core.messages import Message
from models.tables.identity.accounts import Passkey, SessionRow
from tests.webapp.accounts import PASSWORD, TOKEN, make_account, post, sign_in
from tests.webapp.authenticator import SoftKey

PAGE = "/account/passkeys"
DOOR = "/account/second-factor"


@pytest.fixture
def staff(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    return client


@pytest.fixture
def key(staff):
    """A key that is connected to the account of the signed-in person."""
    made = SoftKey()
    assert connect(staff, made).headers["Location"] == PAGE
    return made


def options(client, page, address):
    token = dict(TOKEN.findall(client.get(page).get_data(as_text=True)))["csrf_token"]
    answer = client.post(address, headers={"X-CSRFToken": token})
    return json.loads(answer.data) if answer.status_code == 200 else answer.status_code


def to_add(client):
    return options(client, PAGE, f"{PAGE}/options")


def to_sign(client):
    return options(client, DOOR, f"{DOOR}/options")


def connect(client, key, name="my laptop", given=None):
    answer = given if given is not None else key.make(to_add(client))
    return post(client, PAGE, name=name, credential=answer)


def half(app, email="ana@example.org"):
    client = app.test_client()
    post(client, "/sign-in", email=email, password=PASSWORD)
    return client


def send(client, answer, page=DOOR):
    return post(client, f"{DOOR}/passkey", page=page, credential=answer)


def count(database, *conditions):
    with transaction(database.owner_engine) as session:
        return session.scalar(select(func.count()).select_from(Passkey).where(*conditions))


def test_the_same_form_sent_again_gets_the_same_answer_and_connects_once(database, staff):
    answer = SoftKey().make(to_add(staff))
    form = dict(TOKEN.findall(staff.get(PAGE).get_data(as_text=True))) | {"name": "my laptop", "credential": answer}
    first, again = staff.post(PAGE, data=form), staff.post(PAGE, data=form)
    assert (first.status_code, first.headers["Location"]) == (303, PAGE)
    assert (again.status_code, again.headers.get("Location")) == (303, PAGE)
    assert count(database) == 1


def test_a_connected_key_is_listed_and_the_owner_is_told(database, staff, key):
    assert "my laptop" in staff.get(PAGE).get_data(as_text=True)
    with transaction(database.owner_engine) as session:
        assert session.scalars(select(Message.template)).all() == ["passkey_added"]


def test_a_key_opens_the_session_under_a_new_id(app, key):
    client = half(app)
    before = client.get_cookie("cvms").value
    assert send(client, key.sign(to_sign(client))).headers["Location"] == "/tasks"
    assert client.get_cookie("cvms").value != before
    assert client.get("/account").status_code == 200


def test_a_key_proves_once_more_who_it_is(database, staff, key):
    with transaction(database.owner_engine) as session:
        session.execute(update(SessionRow).values(proved_at=func.db_now() - text("interval '1 hour'")))
    place = staff.get(PAGE).headers["Location"]
    signed = key.sign(options(staff, place, f"{DOOR}/options"))
    assert send(staff, signed, page=place).status_code == 303
    assert staff.get(PAGE).status_code == 200


def test_an_answer_counts_once(app, key):
    first, second = half(app), half(app)
    signed = key.sign(to_sign(first))
    assert send(first, signed).status_code == 303
    assert send(second, signed).status_code == 422
    to_sign(second)
    assert send(second, signed).status_code == 422
    assert second.get("/account").status_code == 302


def test_a_challenge_counts_once_also_when_the_answer_was_wrong(app, key):
    client = half(app)
    asked = to_sign(client)
    assert send(client, "{}").status_code == 422
    assert send(client, key.sign(asked)).status_code == 422


def test_a_challenge_lasts_five_minutes(database, app, key):
    client = half(app)
    asked = to_sign(client)
    database.shift_clock("5 minutes 1 second")
    assert send(client, key.sign(asked)).status_code == 422


def test_an_answer_to_another_challenge_is_refused(app, key):
    client, other = half(app), half(app)
    theirs = to_sign(other)
    to_sign(client)
    assert send(client, key.sign(theirs)).status_code == 422


@pytest.mark.parametrize(("field", "value"), [("origin", "http://localhost.evil.example"), ("host", "evil.example")])
def test_an_answer_for_another_site_is_refused(app, key, field, value):
    client = half(app)
    asked = to_sign(client)
    setattr(key, field, value)
    assert send(client, key.sign(asked)).status_code == 422


def test_a_counter_that_goes_back_is_refused(app, key):
    client = half(app)
    key.count = 7
    assert send(client, key.sign(to_sign(client))).status_code == 303
    key.count = 3
    second = half(app)
    assert send(second, key.sign(to_sign(second))).status_code == 422


def test_the_key_of_one_account_does_not_open_another(database, app, key):
    make_account(database.app_engine, "ben@example.org", role=Role.REV, team="enrollment")
    client = half(app, "ben@example.org")
    asked = to_sign(client)
    assert asked["allowCredentials"] == []
    assert send(client, key.sign(asked)).status_code == 422


@pytest.mark.parametrize("answer", ["", "null", "[]", "{", "{}", '{"rawId": 1}', '{"rawId": "é"}', "x" * 20_000])
def test_nonsense_is_refused(staff, app, key, answer):
    client = half(app)
    to_sign(client)
    assert send(client, answer).status_code == 422
    to_add(staff)
    assert connect(staff, key, given=answer).status_code == 409


def test_a_new_key_for_another_site_or_challenge_is_not_connected(database, staff):
    for wrong in (SoftKey(origin="http://evil.example"), SoftKey(host="evil.example")):
        assert connect(staff, wrong).status_code == 409
    old = to_add(staff)
    to_add(staff)
    assert connect(staff, None, given=SoftKey().make(old)).status_code == 409
    assert count(database) == 0


def test_tries_with_keys_are_braked_like_codes(app, key):
    client = half(app)
    assert [send(client, "{}").status_code for _ in range(6)] == [422] * 5 + [429]
    assert send(client, key.sign(to_sign(client))).status_code == 429


def test_a_removed_key_opens_nothing_and_the_owner_is_told(database, staff, app, key):
    page = staff.get(PAGE).get_data(as_text=True)
    passkey = page.partition('name="passkey" value="')[2].partition('"')[0]
    assert post(staff, f"{PAGE}/remove", page=PAGE, passkey=passkey).headers["Location"] == PAGE
    client = half(app)
    assert send(client, key.sign(to_sign(client))).status_code == 422
    with transaction(database.owner_engine) as session:
        assert "passkey_removed" in session.scalars(select(Message.template)).all()


def test_a_strangers_key_cannot_be_removed(database, key, app):
    make_account(database.app_engine, "ben@example.org", role=Role.REV, team="enrollment")
    stranger = app.test_client()
    sign_in(stranger, "ben@example.org")
    with transaction(database.owner_engine) as session:
        passkey = session.scalars(select(Passkey.id)).one()
    post(stranger, f"{PAGE}/remove", page=PAGE, passkey=str(passkey))
    assert post(stranger, f"{PAGE}/remove", page=PAGE, passkey="nonsense").status_code == 303
    assert count(database, Passkey.removed_at.is_(None)) == 1


def test_keys_go_with_the_second_factor(database, key):
    with transaction(database.app_engine) as session:
        account_id = session.scalars(select(Passkey.account_id)).one()
        remove_second_factor(Act(session, SYSTEM, "r"), account_id=account_id)
    assert count(database, Passkey.removed_at.is_(None)) == 0


def test_whoever_has_no_second_factor_cannot_connect_a_key(database, client):
    make_account(database.app_engine)
    sign_in(client)
    assert client.get(PAGE).headers["Location"] == "/account"
    token = dict(TOKEN.findall(client.get("/account").get_data(as_text=True)))["csrf_token"]
    assert client.post(f"{PAGE}/options", headers={"X-CSRFToken": token}).status_code == 404


def test_half_a_session_cannot_connect_a_key(app, key):
    client = half(app)
    token = dict(TOKEN.findall(client.get(DOOR).get_data(as_text=True)))["csrf_token"]
    answer = client.post(f"{PAGE}/options", headers={"X-CSRFToken": token, "Accept": "application/json"})
    assert answer.status_code == 401
