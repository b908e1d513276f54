"""Cookies of sessions that are over, set beforehand or made up (S5, S6, S7, P32)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from models.crypto.sealing import hash_token
from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.accounts import disable_account
from tests.site import web_app
from tests.webapp.accounts import PASSWORD, TOKEN, make_account, post, sign_in

REPLAYS = 50


def cookie(client):
    found = client.get_cookie("cvms")
    return found.value if found else ""


def successes(app, value):
    """How often the page of the account opens with this cookie."""
    opened = 0
    for number in range(REPLAYS):
        thief = app.test_client()
        thief.set_cookie("cvms", value)
        headers = {"X-CVMS-Poll": "1"} if number % 2 else {}
        opened += thief.get("/account", headers=headers).status_code == 200
    return opened


def sign_out(database, client, account_id):
    post(client, "/sign-out", page="/account")


def idle(database, client, account_id):
    database.shift_clock("31 minutes")


def too_old(database, client, account_id):
    with database.owner_engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET ends_at = db_now() - interval '1 second'"))


def disable(database, client, account_id):
    with transaction(database.app_engine) as session:
        disable_account(Act(session, SYSTEM, "k"), account_id=account_id, because="test")


def change_password(database, client, account_id):
    post(client, "/account/password", current_password=PASSWORD, password="nine loud ravens walking")


def change_password_elsewhere(database, client, account_id):
    other = client.application.test_client()
    sign_in(other)
    change_password(database, other, account_id)


@pytest.mark.parametrize("end", [sign_out, idle, too_old, disable, change_password, change_password_elsewhere])
def test_the_cookie_of_an_ended_session_opens_nothing_in_fifty_tries(database, client, app, end):
    account_id = make_account(database.app_engine)
    sign_in(client)
    old = cookie(client)
    assert client.get("/account").status_code == 200
    end(database, client, account_id)
    try:
        assert successes(app, old) == 0
    finally:
        database.shift_clock("0 days")


def test_a_page_that_asks_by_itself_for_an_hour_is_signed_out_in_time(database, client):
    make_account(database.app_engine)
    sign_in(client)
    answers = []
    for minutes in range(0, 40, 5):
        database.shift_clock(f"{minutes} minutes")
        answers.append(client.get("/account", headers={"X-CVMS-Poll": "1"}).status_code)
    database.shift_clock("0 days")
    assert (answers[:6], answers[-1]) == ([200] * 6, 401)


@pytest.mark.parametrize(
    "preset", ["chosen-by-the-thief", "a" * 43, "x" * 3000, "a.b.c", "' OR 1=1 --", hash_token("x")]
)
def test_a_cookie_set_beforehand_never_becomes_the_session(database, app, preset):
    make_account(database.app_engine)
    victim = app.test_client()
    victim.set_cookie("cvms", preset)
    sign_in(victim)
    assert cookie(victim) != preset
    assert successes(app, preset) == 0


def test_the_hash_in_the_database_is_no_cookie(database, client, app):
    make_account(database.app_engine)
    sign_in(client)
    with database.owner_engine.connect() as connection:
        kept = connection.scalars(text("SELECT sid_hash FROM sessions")).one()
    assert kept == hash_token(cookie(client))
    assert len(cookie(client)) >= 43
    assert successes(app, kept) == 0


def test_every_cookie_of_a_secure_site_is_bound_to_it(database, settings):
    make_account(database.app_engine)
    with web_app(replace(settings, public_url="https://cvms.example.org")) as app:
        client = app.test_client()
        lines = []
        for path in ("/sign-in", "/?lang=es", "/account", "/account/forgot", "/enrollment/begin/details"):
            lines += client.get(path, base_url="https://cvms.example.org").headers.getlist("Set-Cookie")
        page = client.get("/sign-in", base_url="https://cvms.example.org").get_data(as_text=True)
        filled = dict(TOKEN.findall(page)) | {"email": "ana@example.org", "password": PASSWORD}
        headers = {"Origin": "https://cvms.example.org", "Referer": "https://cvms.example.org/sign-in"}
        signed_in = client.post("/sign-in", data=filled, base_url="https://cvms.example.org", headers=headers)
        assert signed_in.status_code == 303
        lines += signed_in.headers.getlist("Set-Cookie")
    names = {line.partition("=")[0] for line in lines}
    assert names == {"__Host-cvms", "__Host-cvms_language", "__Host-cvms_device"}
    for line in lines:
        parts = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
        assert not any(part.startswith("domain") for part in parts)
