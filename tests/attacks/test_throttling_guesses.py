"""Brakes on guessing passwords (S12, P27): per account, in the database, never for everybody, never for the owner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.attempts import Guess, reserve_try
from models.store.identity.passwords import set_password
from tests.site import web_app
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in
from webapp.identity.sessions import signing_in

FREE, IN_A_ROW, FROM_ONE_ADDRESS = 5, 100, 50
PATIENT = 200
BUSY = 503
"""What a machine answers that has too much to do."""
WRONG = "not the password at all"
NEW = "nine loud ravens walking"
EMAIL = "ana@example.org"
COPIES = """
INSERT INTO attempts (action, subject_hash, address_hash, known_device, succeeded, at)
SELECT action, subject_hash, address_hash, known_device, :succeeded, db_now() - cast(:ago AS interval)
FROM attempts, generate_series(1, :count) WHERE id = (SELECT max(id) FROM attempts WHERE NOT succeeded)
"""

AT_EVERYBODY = """
INSERT INTO attempts (action, subject_hash, address_hash, known_device, succeeded)
SELECT action, md5(n::text), address_hash, known_device, false FROM attempts, generate_series(1, :count) n
"""


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


@pytest.fixture
def clock(database):
    yield database.shift_clock
    database.shift_clock("0 days")


@pytest.fixture
def checked(monkeypatch):
    """Every password that is compared."""
    seen, real = [], signing_in.check_password
    monkeypatch.setattr(signing_in, "check_password", lambda typed, kept: seen.append(typed) or real(typed, kept))
    return seen


def visitor(app, address="203.0.113.5"):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def guess(client, email=EMAIL, password=WRONG):
    return post(client, "/sign-in", email=email, password=password)


def copy_last_failure(database, count, *, ago="2 hours", succeeded=False):
    with database.owner_engine.begin() as connection:
        connection.execute(text(COPIES), {"count": count, "ago": ago, "succeeded": succeeded})


def test_of_twenty_guesses_at_once_from_twenty_addresses_at_most_five_are_checked(database, app, checked):
    make_account(database.app_engine)
    clients = [visitor(app, f"203.0.113.{number}") for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda client: guess(client).status_code, clients))
    assert set(statuses) <= {422, 429, BUSY}
    assert 0 < len(checked) <= FREE


def test_the_waits_grow_and_are_told_truly(database, app, clock):
    make_account(database.app_engine)
    client = visitor(app)
    for _ in range(FREE):
        guess(client)
    passed, waits = 0, []
    for _ in range(4):
        waits.append(int(guess(client, password=PASSWORD).headers["Retry-After"]))
        clock(f"{passed + waits[-1] - 3} seconds")
        assert guess(client).status_code == 429
        passed += waits[-1] + 1
        clock(f"{passed} seconds")
        assert guess(client).status_code == 422
    wanted = [60, 120, 240, 480]
    assert all(wish - 5 <= wait <= wish for wait, wish in zip(waits, wanted, strict=True))


def test_two_web_processes_share_one_count(database, app, settings):
    make_account(database.app_engine)
    with web_app(settings) as second:
        clients = [visitor(app), visitor(second)]
        assert [guess(clients[number % 2]).status_code for number in range(FREE + 2)] == [422] * FREE + [429] * 2


def test_of_two_hundred_patient_guesses_from_as_many_addresses_a_hundred_are_allowed(database):
    """An hour apart; refused ones are not counted, and what is refused at last stays so."""
    with transaction(database.owner_engine) as session:
        verdicts = [patient_guess(session, number) for number in range(PATIENT)]
    assert [verdict.allowed for verdict in verdicts] == [True] * IN_A_ROW + [False] * (PATIENT - IN_A_ROW)
    assert all(verdict.reset_needed for verdict in verdicts[IN_A_ROW:])


def patient_guess(session, number):
    address = f"10.{number // 250}.{number % 250}.1"
    tried = reserve_try(session, guess=Guess.SIGN_IN, subject=EMAIL, address=address, known_device=False)
    if tried.attempt_id:
        session.execute(text("UPDATE attempts SET at = at - interval '1 hour'"))
    return tried.verdict


def test_after_a_hundred_in_a_row_only_the_owners_browser_or_a_reset_gets_in(database, app, checked):
    account_id = make_account(database.app_engine)
    owner, stranger = visitor(app), visitor(app, "198.51.100.7")
    sign_in(owner)
    post(owner, "/sign-out", page="/account")
    guess(stranger)
    copy_last_failure(database, IN_A_ROW - 1, ago="2 days")
    del checked[:]
    assert guess(stranger, password=PASSWORD).status_code == 429
    assert checked == []
    assert sign_in(owner).status_code == 303
    assert guess(stranger, password=PASSWORD).status_code == 429
    with transaction(database.app_engine) as session:
        set_password(Act(session, SYSTEM, "k"), account_id=account_id, password=NEW)
    assert guess(stranger, password=NEW).status_code == 303


def test_fifty_failures_stop_one_address_and_no_other(database, app, clock):
    make_account(database.app_engine)
    stranger = visitor(app, "198.51.100.7")
    guess(stranger)
    copy_last_failure(database, FROM_ONE_ADDRESS - 1)
    copy_last_failure(database, 1, succeeded=True)
    assert guess(stranger, password=PASSWORD).status_code == 429
    assert guess(visitor(app), password=PASSWORD).status_code == 303
    clock("12 hours 1 minute")
    assert guess(stranger, password=PASSWORD).status_code == 303


def test_one_address_that_guesses_at_everybody_is_stopped_and_locks_nobody_else_out(database, app):
    make_account(database.app_engine)
    stranger = visitor(app, "198.51.100.7")
    guess(stranger, "person@example.org")
    with database.owner_engine.begin() as connection:
        connection.execute(text(AT_EVERYBODY), {"count": 10 * IN_A_ROW})
    assert guess(stranger, "another@example.org").status_code == 429
    assert guess(visitor(app), password=PASSWORD).status_code == 303


def test_guesses_at_the_own_password_are_forgotten_with_a_new_one(database, app):
    account_id = make_account(database.app_engine)
    client = app.test_client()
    sign_in(client)
    for _ in range(FREE + 1):
        post(client, "/account/password", current_password=WRONG, password=NEW)
    with transaction(database.app_engine) as session:
        set_password(Act(session, SYSTEM, "k"), account_id=account_id, password=NEW)
    sign_in(client, password=NEW)
    answer = post(client, "/account/password", current_password=NEW, password=PASSWORD)
    assert answer.status_code == 303
