"""Guessing passwords is braked per account; the owner's own browser is never locked out (S12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models.postgres.database import transaction
from models.store.core.act import Act
from models.tables.identity.accounts import Attempt
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


def guess(client, email="ana@example.org", password="not the password at all"):
    return post(client, "/sign-in", email=email, password=password)


def lazy_text(database, **span):
    with transaction(database.owner_engine) as session:
        session.execute(update(Attempt).values(at=Attempt.at - timedelta(**span)))


def test_after_five_wrong_passwords_even_the_right_one_waits(database, client):
    make_account(database.app_engine)
    assert [guess(client).status_code for _ in range(6)] == [422] * 5 + [429]
    answer = guess(client, password=PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    lazy_text(database, seconds=61)
    assert sign_in(client).status_code == 303


def test_an_absent_account_is_braked_just_the_same(database, client):
    assert [guess(client, "nobody@example.org").status_code for _ in range(6)] == [422] * 5 + [429]


def test_a_forged_forwarded_address_does_not_help(database, client):
    make_account(database.app_engine)
    statuses = []
    for number in range(7):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.1.1.{number}"
        statuses.append(guess(client).status_code)
    assert statuses == [422] * 5 + [429] * 2


def test_the_owners_own_browser_gets_in_while_strangers_guess(database, app):
    make_account(database.app_engine)
    owner, stranger = app.test_client(), app.test_client()
    sign_in(owner)
    post(owner, "/sign-out", page="/account")
    for _ in range(6):
        guess(stranger)
    assert guess(stranger, password=PASSWORD).status_code == 429
    assert sign_in(owner).status_code == 303


def test_other_accounts_are_not_affected(database, client):
    make_account(database.app_engine)
    make_account(database.app_engine, "ben@example.org")
    for _ in range(7):
        guess(client)
    assert sign_in(client, "ben@example.org").status_code == 303


def test_at_most_a_hundred_guesses_of_ten_thousand_are_checked(database, client, monkeypatch):
    checked = []
    monkeypatch.setattr("webapp.identity.sessions.signing_in.check_password", lambda *a: checked.append(a) or False)
    make_account(database.app_engine)
    for _ in range(130):
        guess(client)
        lazy_text(database, minutes=61)
    assert len(checked) == 100


def test_a_new_password_ends_the_lock(database, client):
    from models.domain.core.actors import SYSTEM
    from models.store.identity.passwords import set_password

    account_id = make_account(database.app_engine)
    for _ in range(7):
        guess(client)
    with transaction(database.app_engine) as session:
        set_password(Act(session, SYSTEM, "k"), account_id=account_id, password="nine loud ravens walking")
    assert sign_in(client, password="nine loud ravens walking").status_code == 303


def test_addresses_and_accounts_stand_in_the_table_of_tries_as_hashes(database, client):
    make_account(database.app_engine)
    guess(client)
    with transaction(database.owner_engine) as session:
        row = session.scalars(select(Attempt)).one()
        assert (len(row.subject_hash), len(row.address_hash)) == (64, 64)
        assert session.scalar(select(func.count()).where(Attempt.succeeded)) == 0


def test_the_own_password_cannot_be_guessed_from_an_open_session(database, client):
    make_account(database.app_engine)
    sign_in(client)
    for _ in range(5):
        post(client, "/account/password", current_password="wrong wrong wrong", password="nine loud ravens walking")
    answer = post(client, "/account/password", current_password=PASSWORD, password="nine loud ravens walking")
    assert answer.status_code == 429
    assert "too many tries" in answer.get_data(as_text=True)
