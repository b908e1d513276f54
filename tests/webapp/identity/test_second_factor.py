"""The second factor through the pages: forced for staff, each code once, tries braked."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.store.identity.second_factors import use_step
from models.tables.core.messages import Message
from models.tables.identity.accounts import Account, Attempt
from tests.tasks_data import give
from tests.webapp.accounts import PASSWORD, code_now, make_account, post, sign_in

SET_UP = "/account/second-factor/set-up"
CODE = "/account/second-factor"


def half(client, email="ana@example.org"):
    answer = post(client, "/sign-in", email=email, password=PASSWORD)
    assert answer.headers["Location"] == CODE
    return answer


def secret_on(page):
    return re.search(r'translate="no">([A-Z2-7 ]+)<', page.get_data(as_text=True)).group(1).replace(" ", "")


def forget_tries(database):
    with transaction(database.owner_engine) as session:
        session.execute(update(Attempt).values(succeeded=True))


def test_staff_set_up_a_second_factor_before_anything_else_opens(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment", totp=False)
    half(client)
    for page in ("/account", "/account/password", "/account/second-factor/add"):
        assert client.get(page).headers["Location"].startswith(CODE)
    page = client.get(SET_UP)
    picture = client.get("/account/second-factor/qr.svg")
    assert picture.content_type == "image/svg+xml; charset=utf-8"
    assert b"<svg" in picture.data
    assert b"style" not in picture.data
    answer = post(client, SET_UP, code=code_now(secret_on(page)))
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200


def test_the_session_id_is_new_after_the_second_factor(database, client, app):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    half(client)
    old = client.get_cookie("cvms").value
    post(client, CODE, code=code_now())
    assert client.get_cookie("cvms").value != old
    thief = app.test_client()
    thief.set_cookie("cvms", old)
    assert thief.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_after_the_code_the_person_is_where_they_wanted_to_be(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    answer = sign_in(client, next_page="/account/password")
    assert answer.headers["Location"] == "/account/password"


def test_the_same_code_works_once(database, client, app):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    code = code_now()
    half(client)
    assert post(client, CODE, code=code).status_code == 303
    second = app.test_client()
    half(second)
    assert post(second, CODE, code=code).status_code == 422
    assert second.get("/account").status_code == 302


def test_of_twenty_tries_at_once_one_gets_in(database):
    account_id = make_account(database.app_engine, role=Role.REV, team="enrollment")

    def try_step(_):
        with transaction(database.app_engine) as session:
            return use_step(session, account_id=account_id, step=1000)

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(try_step, range(20))) == 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000", "x" * 500, "' OR 1=1"])
def test_a_wrong_code_is_refused_beside_the_field(database, client, code):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    half(client)
    assert post(client, CODE, code=code).status_code == 422
    assert client.get("/account").status_code == 302


def test_codes_cannot_be_guessed_on_and_on(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    half(client)
    statuses = [post(client, CODE, code=f"{number:06}").status_code for number in range(12)]
    assert statuses == [422] * 5 + [429] * 7
    answer = post(client, CODE, code=code_now())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_half_session_cannot_put_another_phone_in_the_place_of_the_first(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    half(client)
    assert client.get(SET_UP).headers["Location"] == CODE
    assert client.get("/account/second-factor/qr.svg").status_code == 404
    page = client.get(CODE).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]*)"', page).group(1)
    form = {"csrf_token": token, "form_token": "0" * 32}
    assert client.post("/account/second-factor/begin", data=form).headers["Location"] == CODE
    assert client.post(SET_UP, data={**form, "code": "123456"}).headers["Location"] == CODE


def test_stopping_halfway_ends_the_session(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    half(client)
    assert post(client, "/sign-out", page=CODE).status_code == 303
    assert client.get(CODE).headers["Location"] == "/sign-in"


def test_staff_who_got_their_role_while_signed_in_set_it_up_now(database, client):

    account_id = make_account(database.app_engine)
    sign_in(client)
    with transaction(database.app_engine) as session:
        give(session, account_id, Role.REV)
    assert client.get("/account").headers["Location"] == f"{CODE}?next=/account"
    assert client.get(SET_UP).status_code == 200
    assert client.get("/account/second-factor/qr.svg").status_code == 404
    assert post(client, "/account/second-factor/begin", page=SET_UP).headers["Location"] == SET_UP
    assert post(client, SET_UP, code=code_now(secret_on(client.get(SET_UP)))).status_code == 303
    assert client.get("/account").status_code == 200


def test_others_add_and_remove_a_second_factor_with_their_password(database, client, app):
    make_account(database.app_engine)
    sign_in(client)
    assert post(client, "/account/second-factor/add", current_password="wrong wrong wrong").status_code == 422
    assert post(client, "/account/second-factor/add", current_password=PASSWORD).headers["Location"] == SET_UP
    secret = secret_on(client.get(SET_UP))
    assert post(client, SET_UP, code="000000").status_code == 422
    assert post(client, SET_UP, code=code_now(secret)).headers["Location"] == "/account/recovery-codes"
    other = app.test_client()
    half(other)
    assert post(client, "/account/second-factor/remove", current_password=PASSWORD).status_code == 303
    assert sign_in(other).headers["Location"] == "/account"
    with transaction(database.owner_engine) as session:
        told = set(session.scalars(select(Message.template)))
    assert told == {"second_factor_added", "second_factor_removed"}


def test_staff_cannot_turn_theirs_off(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    assert client.get("/account/second-factor/remove").headers["Location"] == "/account"
    assert "Turn off" not in client.get("/account").get_data(as_text=True)


def test_staff_may_connect_another_phone(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    forget_tries(database)
    post(client, "/account/second-factor/replace", current_password=PASSWORD)
    secret = secret_on(client.get(SET_UP))
    assert post(client, SET_UP, code=code_now(secret)).status_code == 303
    assert client.get("/account").status_code == 200
    with transaction(database.owner_engine) as session:
        assert session.scalars(select(Account.totp_confirmed_at)).one() is not None


def test_the_secret_is_sealed_in_the_database(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment", totp=False)
    half(client)
    secret = secret_on(client.get(SET_UP))
    post(client, SET_UP, code=code_now(secret))
    with transaction(database.owner_engine) as session:
        assert secret.encode() not in session.scalars(select(Account.totp_sealed)).one()
