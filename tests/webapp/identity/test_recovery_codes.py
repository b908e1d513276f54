"""Recovery codes through the pages: shown once, used once, braked like every proof, never a way around (S10)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.queries.identity.recovery_codes import count_recovery_codes
from models.store.core.act import Act
from models.store.identity.recovery_codes import make_recovery_codes, use_recovery_code
from models.store.identity.second_factors import remove_second_factor
from models.tables.core.audit import AuditRow
from models.tables.core.messages import Message
from models.tables.identity.accounts import RecoveryCode, SessionRow
from tests.webapp.accounts import PASSWORD, code_now, make_account, post, sign_in

PAGE = "/account/recovery-codes"
DOOR = "/account/second-factor/recovery"
SET_UP = "/account/second-factor/set-up"
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")


@pytest.fixture
def account_id(database):
    return make_account(database.app_engine, role=Role.REV, team="enrollment")


@pytest.fixture
def codes(database, account_id):
    with transaction(database.app_engine) as session:
        return make_recovery_codes(Act(session, SYSTEM, "made"), account_id=account_id)


def half(client):
    assert post(client, "/sign-in", email="ana@example.org", password=PASSWORD).status_code == 303
    return client


def left(database, account_id):
    with transaction(database.app_engine) as session:
        return count_recovery_codes(session, account_id)


def told(database):
    with transaction(database.owner_engine) as session:
        return sorted(session.scalars(select(Message.template)))


def shown(client):
    return CODE.findall(client.get(PAGE).get_data(as_text=True))


def test_ten_codes_come_with_a_new_second_factor_and_are_shown_until_they_are_kept(database, client):
    account_id = make_account(database.app_engine, role=Role.REV, team="enrollment", totp=False)
    half(client)
    page = client.get(SET_UP).get_data(as_text=True)
    secret = re.search(r'translate="no">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    answer = post(client, f"{SET_UP}?next=/account/password", code=code_now(secret))
    assert answer.headers["Location"] == f"{PAGE}?next=/account/password"
    assert len(set(shown(client))) == 10
    assert shown(client) == shown(client)
    assert left(database, account_id) == 10
    kept = post(client, f"{PAGE}/kept?next=/account/password", page=PAGE)
    assert kept.headers["Location"] == "/account/password"
    assert shown(client) == []


def test_no_code_stands_in_the_database(database, client, account_id):
    sign_in(client)
    post(client, PAGE)
    [first, *_others] = shown(client)
    with transaction(database.owner_engine) as session:
        stored = repr([session.scalars(select(kept)).all() for kept in (RecoveryCode.code_hash, SessionRow.data)])
    assert first not in stored
    assert first.replace("-", "") not in stored


def test_codes_on_the_page_are_gone_with_the_session(database, client, account_id):
    sign_in(client)
    post(client, PAGE)
    post(client, "/sign-out", page="/account")
    with transaction(database.owner_engine) as session:
        assert all(data == {} for data in session.scalars(select(SessionRow.data)))


def test_a_code_opens_the_session_under_a_new_id_and_the_owner_is_told(database, client, account_id, codes):
    half(client)
    before = client.get_cookie("cvms").value
    answer = post(client, f"{DOOR}?next=/account/password", code=codes[0].lower())
    assert answer.headers["Location"] == "/account/password"
    assert client.get_cookie("cvms").value != before
    assert client.get("/account").status_code == 200
    assert told(database) == ["recovery_code_used"]
    with transaction(database.owner_engine) as session:
        assert "account.use_recovery_code" in session.scalars(select(AuditRow.action)).all()


def test_a_code_works_once(client, app, codes):
    assert post(half(client), DOOR, code=codes[0]).status_code == 303
    second = half(app.test_client())
    assert post(second, DOOR, code=codes[0]).status_code == 422
    assert second.get("/account").status_code == 302
    assert post(second, DOOR, code=codes[1]).status_code == 303


def test_of_twenty_tries_at_once_one_gets_in(database, account_id, codes):
    def try_code(_):
        with transaction(database.app_engine) as session:
            key = uuid4().hex
            return use_recovery_code(Act(session, SYSTEM, key), account_id=account_id, typed=codes[0])

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(try_code, range(20)), key=str) == [9] + [None] * 19


def test_the_codes_of_one_account_do_not_open_another(database, codes):
    other = make_account(database.app_engine, "ben@example.org", totp=True)
    with transaction(database.app_engine) as session:
        assert use_recovery_code(Act(session, SYSTEM, "x"), account_id=other, typed=codes[0]) is None


def test_new_codes_let_the_old_ones_die_and_the_owner_is_told(database, client, app, account_id, codes):
    sign_in(client)
    assert post(client, PAGE).headers["Location"] == PAGE
    fresh = shown(client)
    assert left(database, account_id) == 10
    assert told(database) == ["recovery_codes_made"]
    other = half(app.test_client())
    assert post(other, DOOR, code=codes[0]).status_code == 422
    assert post(other, DOOR, code=fresh[0]).status_code == 303


def test_removing_the_second_factor_lets_its_codes_die(database, account_id, codes):
    with transaction(database.app_engine) as session:
        remove_second_factor(Act(session, SYSTEM, "r"), account_id=account_id)
    assert left(database, account_id) == 0


def test_codes_are_braked_together_with_those_of_the_app(client, account_id, codes):
    half(client)
    pages = [DOOR, "/account/second-factor"] * 3
    assert [post(client, page, code="000000").status_code for page in pages] == [422] * 5 + [429]
    answer = post(client, DOOR, code=codes[0])
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("typed", ["", "0000", "0000-0000-0000-0000", "x" * 500, "' OR 1=1"])
def test_a_wrong_code_is_refused_beside_the_field(client, account_id, codes, typed):
    half(client)
    assert post(client, DOOR, code=typed).status_code == 422
    assert client.get("/account").status_code == 302


def test_few_codes_are_said_after_signing_in_and_on_the_account(database, client, account_id, codes):
    with transaction(database.owner_engine) as session:
        session.execute(update(RecoveryCode).where(RecoveryCode.code_hash != _hash(codes[0])).values(revoked_at=NOW))
    answer = post(half(client), DOOR, code=codes[0])
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "You have 0 recovery codes left." in page
    assert "You only have a few codes left." in client.get(PAGE).get_data(as_text=True)


def test_without_a_second_factor_there_are_no_codes(database, client):
    make_account(database.app_engine)
    sign_in(client)
    assert client.get(PAGE).headers["Location"] == "/account"
    assert "Recovery codes" not in client.get("/account").get_data(as_text=True)


def test_nobody_gets_codes_without_the_second_factor(client, account_id, codes):
    half(client)
    assert client.get(PAGE).headers["Location"].startswith("/account/second-factor?next=")
    assert client.get(DOOR).status_code == 200


def _hash(code):
    from models.crypto.sealing import hash_token

    return hash_token(code)


NOW = "2026-01-01T00:00:00Z"
