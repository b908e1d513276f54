"""An address tells nothing by the work its answer costs (S8). The times themselves: `make timing`."""

from __future__ import annotations

import random
import re
from contextlib import contextmanager

import pytest
from argon2 import extract_parameters
from sqlalchemy import Engine, event, text

from models.crypto.hashing import PasswordHasher
from models.domain.core.permissions import Role
from tests.attacks.ranks import mann_whitney
from tests.webapp.accounts import make_account, post

KINDS = {
    "existing": "",
    "disabled": "status = 'disabled'",
    "unverified": "status = 'invited', password_hash = NULL",
}
LONG = 600.0
TAKE_THEIR_TIME = {"/account/forgot"}
"""Pages whose work differs, and which answer no sooner than `ANSWER_AFTER` for that reason."""
CHANGES_BY_ITSELF = re.compile(r'(value|data-csrf|data-seconds-left)="[^"]*"')


@contextmanager
def statements():
    """The SQL of what happens inside, without its values."""
    found = []

    def keep(_connection, _cursor, statement, *_rest):
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    yield found
    event.remove(Engine, "before_cursor_execute", keep)


def count_hashes(monkeypatch):
    """How much memory each hash takes that Argon2 is asked for from now on."""
    taken = []
    verify, make = PasswordHasher.verify, PasswordHasher.hash

    def verified(self, kept, typed):
        taken.append(extract_parameters(kept).memory_cost)
        return verify(self, kept, typed)

    def made(self, typed, **options):
        taken.append(self.memory_cost)
        return make(self, typed, **options)

    monkeypatch.setattr(PasswordHasher, "verify", verified)
    monkeypatch.setattr(PasswordHasher, "hash", made)
    return taken


def seen(app, monkeypatch, page, email, **values):
    """Status, headers, body and work of one request."""
    client = app.test_client()
    with monkeypatch.context() as patched, statements() as sql:
        hashed = count_hashes(patched)
        answer = post(client, page, email=email, **values)
    body = CHANGES_BY_ITSELF.sub("", answer.get_data(as_text=True)).replace(email, "")
    headers = {name: value for name, value in answer.headers if name not in {"Set-Cookie", "Date", "X-Request-ID"}}
    return (answer.status_code, body, headers), sorted(hashed), sql


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


@pytest.fixture(params=KINDS)
def known(request, database):
    make_account(database.app_engine, "known@example.org")
    with database.owner_engine.begin() as connection:
        connection.execute(text(f"UPDATE accounts SET {KINDS[request.param] or 'name = name'}"))
    return "known@example.org"


@pytest.mark.usefixtures("production_hashing")
def test_signing_in_does_the_same_work_for_everybody(app, known, monkeypatch):
    typed = {"password": "not the password at all"}
    seen(app, monkeypatch, "/sign-in", "first@example.org", **typed)
    ours = seen(app, monkeypatch, "/sign-in", known, **typed)
    nobodys = seen(app, monkeypatch, "/sign-in", "nobdy@example.org", **typed)
    assert ours == nobodys
    assert ours[1] == [19 * 1024, 46 * 1024]


def test_a_braked_sign_in_looks_the_same_for_everybody(app, known, monkeypatch):
    typed = {"password": "not the password at all"}
    sixth = {}
    for email in (known, "nobdy@example.org"):
        for _ in range(6):
            (status, body, _headers), hashed, sql = seen(app, monkeypatch, "/sign-in", email, **typed)
        sixth[email] = (status, re.sub(r"\d+", "", body), hashed, sql)
    assert sixth[known] == sixth["nobdy@example.org"]
    assert sixth[known][0] == 429


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("/account/forgot", {}),
        ("/enrollment/begin/details", {"organization_name": "Quiet Pines Clinic", "name": "Pat Doe"}),
    ],
)
def test_asking_for_a_mail_looks_the_same_for_everybody(app, database, known, monkeypatch, place, values):
    ours, hashed, our_work = seen(app, monkeypatch, place, known, **values)
    nobodys, _, nobodys_work = seen(app, monkeypatch, place, "nobdy@example.org", **values)
    assert ours == nobodys
    assert hashed == []
    assert our_work == nobodys_work or place in TAKE_THEIR_TIME
    with database.owner_engine.connect() as connection:
        mailed = connection.scalars(text("SELECT to_address FROM messages")).all()
    assert sorted(mailed) == [known, "nobdy@example.org"]


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
@pytest.mark.parametrize(("place", "typed"), [("/account/forgot", {}), ("/sign-in", {"password": "not the password"})])
def test_answers_whose_work_differs_take_their_time_for_everybody(app, database, monkeypatch, place, typed, email):
    make_account(database.app_engine, "known@example.org")
    paused = []
    monkeypatch.setattr("webapp.identity.sessions.signing_in.time.sleep", paused.append)
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", LONG)
    post(app.test_client(), place, email=email, **typed)
    assert len(paused) == 1
    assert LONG - 60 < paused[0] < LONG


def test_staff_and_others_cannot_be_told_apart_by_a_refusal(app, database, monkeypatch):
    make_account(database.app_engine, "staff@example.org", role=Role.REV, team="enrollment")
    make_account(database.app_engine, "other@example.org")
    typed = {"password": "not the password at all"}
    seen(app, monkeypatch, "/sign-in", "first@example.org", **typed)
    answers = [
        seen(app, monkeypatch, "/sign-in", email, **typed) for email in ("staff@example.org", "other@example.org")
    ]
    assert answers[0] == answers[1]


def test_the_measure_of_times_tells_a_difference_from_chance():
    chance = random.Random(8)
    first, second = ([chance.gauss(0.2, 0.01) for _ in range(500)] for _ in range(2))
    assert mann_whitney(first, second) > 0.01
    assert mann_whitney(first, [value + 0.003 for value in second]) < 0.001
    assert mann_whitney([0.2] * 50, [0.2] * 50) == 1.0
