"""Guessing (S14, S17, C9): 100,000 tokens, 10,000 neighbors of every id, and one link opened by twenty at once."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from models.crypto.sealing import hash_token, new_token
from models.domain.enrollment.kinds import LinkPurpose
from models.postgres.database import transaction
from models.running.settings import Environment
from models.store.core.links import find_link
from models.tables.identity.accounts import Account
from tests.site import web_app
from tests.webapp.accounts import sign_in
from tests.webapp.applicants import hidden, link_for
from tests.webapp.enrollment.forms import awaiting, wished

GUESSES = 100_000
NEIGHBORS = 5_000
BROWSERS = 20
DEE = "dee@other.example"
KEY_COLUMNS = """
SELECT c.table_name FROM information_schema.columns c
WHERE c.table_schema = 'public' AND c.column_name = 'id' AND c.data_type = 'uuid'
"""


def test_a_hundred_thousand_guesses_find_no_link(database):
    wished(database)
    hashes = [hash_token(new_token()) for _ in range(GUESSES)]
    with database.owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM links")) > 0
        found = "SELECT count(*) FROM links WHERE token_hash = ANY(:hashes)"
        assert connection.scalar(text(found), {"hashes": hashes}) == 0
    assert len(set(hashes)) == GUESSES


def test_nothing_like_a_token_is_the_token(database):
    wished(database)
    token = link_for(database, DEE, "confirm_enrollment").partition("?")[0].rsplit("/", 1)[1]
    letters = string.ascii_letters + string.digits + "-_"
    likes = {token[:at] + letters[at % 64] + token[at + 1 :] for at in range(len(token))} - {token}
    likes |= {token[:-1], token + "=", token.swapcase(), token[::-1], f" {token}", f"{token}\n", hash_token(token), ""}
    with transaction(database.app_engine) as session:
        assert find_link(session, token, LinkPurpose.CONFIRM_ENROLLMENT) is not None
        assert [like for like in likes if find_link(session, like, LinkPurpose.CONFIRM_ENROLLMENT)] == []
        others = set(LinkPurpose) - {LinkPurpose.CONFIRM_ENROLLMENT}
        assert [purpose for purpose in others if find_link(session, token, purpose)] == []


def test_ids_are_random_and_their_neighbors_nobodys(database):
    awaiting(database)
    with database.owner_engine.connect() as connection:
        tables = connection.scalars(text(KEY_COLUMNS)).all()
        known = {name: connection.scalars(text(f"SELECT id FROM {name}")).all() for name in tables}
        assert sum(map(len, known.values())) > 10
        for name, ids in known.items():
            assert {one.version for one in ids} <= ({5} if name == "tasks" else {4}), name
            for one in ids[:2]:
                near = [UUID(int=one.int + step) for step in range(-NEIGHBORS, NEIGHBORS + 1) if step]
                found = text(f"SELECT count(*) FROM {name} WHERE id = ANY(:near)")
                assert connection.scalar(found, {"near": near}) == 0, name


def test_the_id_of_a_task_comes_from_a_random_id(database):
    """It is the hash of what opened it, so that it opens once; nobody computes it without that random id."""
    awaiting(database)
    with database.owner_engine.connect() as connection:
        known = {
            str(one) for one in connection.scalars(text("SELECT id FROM enrollments UNION SELECT id FROM signatures"))
        }
        keys = connection.scalars(text("SELECT opening_key FROM tasks")).all()
    assert keys
    assert not [key for key in keys if not any(one in key for one in known)]


def test_one_link_opened_by_twenty_browsers_makes_one_account(app, database):
    wished(database)
    path = link_for(database, DEE, "confirm_enrollment").partition("?")[0]
    browsers = [app.test_client() for _ in range(BROWSERS)]
    forms = [{**hidden(one, path), "password": f"quiet heron wading {n:02}"} for n, one in enumerate(browsers)]
    with ThreadPoolExecutor(BROWSERS) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(path, data=pair[1]), zip(browsers, forms, strict=True)))
    codes = [answer.status_code for answer in answers]
    assert codes.count(303) == 1
    assert set(codes) <= {303, 409, 410, 503}
    with database.owner_engine.connect() as connection:
        assert len(connection.scalars(select(Account.id).where(Account.email == DEE)).all()) == 1
        assert connection.scalar(text("SELECT count(*) FROM enrollments")) == 2
    winner = codes.index(303)
    for number in (winner, (winner + 1) % BROWSERS):
        answer = sign_in(app.test_client(), DEE, password=forms[number]["password"])
        assert (answer.status_code == 303) == (number == winner)


@pytest.fixture
def in_production(settings, monkeypatch):
    monkeypatch.setattr("webapp.application.insist_on_safe_database", lambda _engine: None)
    with web_app(replace(settings, environment=Environment.PRODUCTION, public_url="https://cvms.example")) as made:
        yield made


def test_production_has_no_page_for_tests_or_demonstrations(in_production):
    odd = ("demo", "test", "debug", "console", "seed", "shell", "admin", "profil")
    rules = [str(rule) for rule in in_production.url_map.iter_rules()]
    assert not [rule for rule in rules if any(word in rule.lower() for word in odd)]
    assert not in_production.debug
    client = in_production.test_client()
    for address in ("/demo", "/test", "/debug", "/console", "/admin", f"/demo/{uuid4()}", "/?__debugger__=yes&cmd=x"):
        answer = client.get(address, base_url="https://cvms.example")
        assert answer.status_code == (200 if address.startswith("/?") else 404)
        assert b"debugger" not in answer.data.replace(b"__debugger__", b"")
