"""The hashes of passwords as the database holds them (S11, P26): strong enough, however the password was set."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.accounts import create_account, invite_account
from models.store.identity.grants import grant_role
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in
from tests.webapp.applicants import link_for
from tests.webapp.enrollment.forms import draft, wished

NEW = "nine loud ravens walking"
WEAKER_THAN_PROMISED = """
WITH kept AS (
  SELECT email, password_hash AS hash,
    EXISTS (SELECT FROM grants g WHERE g.account_id = a.id AND g.ended_at IS NULL AND g.role = ANY(:staff)) AS staff,
    regexp_match(password_hash, '^\\$argon2id\\$v=19\\$m=(\\d+),t=(\\d+),p=1\\$[^$]{22,}\\$[^$]{43,}$') AS found
  FROM accounts a WHERE password_hash IS NOT NULL)
SELECT email FROM kept WHERE found IS NULL
  OR NOT (found[1]::int >= CASE WHEN staff THEN 47104 ELSE 19456 END
          AND found[2]::int >= CASE WHEN staff THEN 1 ELSE 2 END)
"""
STAFF = ["AGT", "SUP", "REV", "ALC", "RPT", "ADM", "AUD"]
OLD = [
    PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1),
    PasswordHasher(time_cost=2, memory_cost=16 * 1024, parallelism=4),
    PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=16),
]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


def weak(database):
    with database.owner_engine.connect() as connection:
        return connection.scalars(text(WEAKER_THAN_PROMISED), {"staff": STAFF}).all()


def hash_of(database, email="ana@example.org"):
    with database.owner_engine.connect() as connection:
        return connection.scalar(text("SELECT password_hash FROM accounts WHERE email_norm = :it"), {"it": email})


def keep(database, kept):
    with database.owner_engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET password_hash = :kept"), {"kept": kept})


def invited(database, role=None):
    with transaction(database.app_engine) as session:
        account_id = create_account(
            Act(session, SYSTEM, "c"), email="new@example.org", name="New", language="en", password=None
        )
        if role:
            grant_role(
                Act(session, SYSTEM, "g"),
                account_id=account_id,
                role=role,
                scope_type=ScopeType.STATE,
                scope_id=None,
                org_id=None,
                because="test",
            )
        invite_account(Act(session, SYSTEM, "i"), account_id=account_id)
    return link_for(database, "new@example.org", "account_invitation")


def test_every_way_to_set_a_password_keeps_a_strong_hash(database, app):
    draft(database)
    ways = [
        link_for(database, "coco@blueridge.example", "join_location"),
        invited(database, Role.ADM),
    ]
    for path in ways:
        assert post(app.test_client(), path.partition("?")[0], password=NEW).status_code == 303
    make_account(database.app_engine, "staff@example.org", role=Role.REV, team="enrollment")
    make_account(database.app_engine)
    client = app.test_client()
    sign_in(client)
    assert post(client, "/account/password", current_password=PASSWORD, password=NEW).status_code == 303
    post(app.test_client(), "/account/forgot", email="staff@example.org")
    reset = link_for(database, "staff@example.org", "password_reset")
    assert post(app.test_client(), reset, password=NEW).status_code == 303
    with database.owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM accounts WHERE password_hash IS NOT NULL")) == 5
    assert weak(database) == []


def test_whoever_confirms_an_enrollment_gets_a_strong_hash(database, app):
    wished(database)
    path = link_for(database, "dee@other.example", "confirm_enrollment").partition("?")[0]
    assert post(app.test_client(), path, password=NEW).status_code == 303
    assert hash_of(database, "dee@other.example").startswith("$argon2id$")
    assert weak(database) == []


@pytest.mark.parametrize("hasher", OLD, ids=["weak", "four lanes", "short"])
def test_a_hash_of_other_parameters_is_found_and_made_anew_at_the_next_right_password(database, app, hasher):
    make_account(database.app_engine)
    keep(database, hasher.hash(PASSWORD))
    old = hash_of(database)
    assert sign_in(app.test_client(), password="not the password at all").status_code == 422
    assert hash_of(database) == old
    assert sign_in(app.test_client()).status_code == 303
    renewed = hash_of(database)
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert weak(database) == []
    assert sign_in(app.test_client()).status_code == 303
    assert hash_of(database) == renewed


@pytest.mark.parametrize("kept", [PASSWORD, "", "$2b$12$" + "a" * 53, "$argon2id$v=19$m=8,t=1,p=1$", "md5$x$y"])
def test_what_is_no_argon2_hash_is_found_and_opens_nothing(database, app, kept):
    make_account(database.app_engine)
    keep(database, kept)
    assert weak(database) == ["ana@example.org"]
    assert sign_in(app.test_client()).status_code == 422


def test_two_accounts_with_one_password_have_two_hashes(database):
    make_account(database.app_engine)
    make_account(database.app_engine, "ben@example.org")
    assert hash_of(database) != hash_of(database, "ben@example.org")
