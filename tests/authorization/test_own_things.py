"""The own sessions, keys and recovery codes: out of all others' sight and reach, each filter taken away once (S2)."""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, text

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.passkeys import add_passkey
from models.store.identity.recovery_codes import make_recovery_codes
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in

OWNER, OTHER = "ana@example.org", "ben@example.org"
SESSIONS, KEYS = "/account/sessions", "/account/passkeys"
HANDLE = re.compile(r'name="session" value="([^"]+)"')
KEY = re.compile(r'name="passkey" value="([^"]+)"')
MUTANTS = {
    "sessions": {"sees a session", "ends a session", "ends all sessions"},
    "passkeys": {"sees a key", "removes a key"},
    "recovery_codes": {"signs in with a code", "counts the codes"},
}
"""The table whose filter by account is taken away, and what another person can do then."""


@contextmanager
def without_filter(table):
    """Every statement as if nobody had written which account it is about."""
    filtered = re.compile(rf"\b{table}\.account_id = %\(\w+\)s(::UUID)?")

    def strip(_connection, _cursor, statement, parameters, *_rest):
        return filtered.sub("true", statement), parameters

    event.listen(Engine, "before_cursor_execute", strip, retval=True)
    yield
    event.remove(Engine, "before_cursor_execute", strip)


def make_person(database, email):
    """State staff with a key and ten recovery codes; the codes."""
    account_id = make_account(database.app_engine, email, role=Role.REV, team="enrollment")
    made = {"account_id": account_id}
    with transaction(database.app_engine) as session:
        add_passkey(
            Act(session, SYSTEM, uuid4().hex),
            **made,
            credential_id=uuid4().bytes,
            public_key=b"key",
            sign_count=0,
            name=f"key of {email}",
        )
        return make_recovery_codes(Act(session, SYSTEM, uuid4().hex), **made)


def intrude(database, site, table=""):
    """What the other person can do to the owner's things, while the filter of a table is gone."""
    codes = make_person(database, OWNER)
    make_person(database, OTHER)
    owner, second, other, half = (site.test_client() for _ in range(4))
    sign_in(owner, OWNER)
    with database.owner_engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET totp_last_step = NULL"))
    sign_in(second, OWNER)
    [of_second] = HANDLE.findall(owner.get(SESSIONS).get_data(as_text=True))
    [key] = KEY.findall(owner.get(KEYS).get_data(as_text=True))
    sign_in(other, OTHER)
    post(half, "/sign-in", email=OTHER, password=PASSWORD)
    with without_filter(table) if table else nullcontext():
        return set(done_to(other, half, [owner, second], of_second, key, codes[0]))


def done_to(other, half, owners, of_second, key, code):
    """The other person tries everything; (what worked)."""
    owner, second = owners
    if of_second in other.get(SESSIONS).get_data(as_text=True):
        yield "sees a session"
    post(other, SESSIONS, session=of_second)
    if second.get("/account").status_code != 200:
        yield "ends a session"
    if OWNER in other.get(KEYS).get_data(as_text=True):
        yield "sees a key"
    if "Recovery codes left: 10." not in other.get("/account").get_data(as_text=True):
        yield "counts the codes"
    post(other, f"{KEYS}/remove", page=KEYS, passkey=key)
    if key not in owner.get(KEYS).get_data(as_text=True):
        yield "removes a key"
    if post(half, "/account/second-factor/recovery", code=code).status_code == 303:
        yield "signs in with a code"
    post(other, f"{SESSIONS}/end-others")
    if owner.get("/account").status_code != 200:
        yield "ends all sessions"


def test_nobody_sees_or_ends_what_is_another_persons(database, site):
    assert intrude(database, site) == set()


@pytest.mark.parametrize("table", MUTANTS)
def test_whatever_filter_by_account_is_taken_away_another_person_gets_further(database, site, table):
    assert intrude(database, site, table) == MUTANTS[table]
