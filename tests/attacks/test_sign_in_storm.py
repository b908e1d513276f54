"""A storm of sign-ins (O3): hashes are bounded, one address is braked over all accounts, owners get in all the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.crypto import hash_slots
from models.crypto.hash_slots import Slots
from models.domain.identity.lockout import ACCOUNTS_FROM_ONE_ADDRESS, Braked
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in
from webapp.identity.sessions import signing_in

WRONG = "not the password at all"
HERE, ELSEWHERE = "203.0.113.5", "198.51.100.7"
FAILURES = """
INSERT INTO attempts (action, subject_hash, address_hash, known_device, succeeded, at)
SELECT action, md5((n * :apart)::text), address_hash, :known, :succeeded, db_now() - cast(:ago AS interval)
FROM attempts, generate_series(1, :count) n WHERE id = (SELECT max(id) FROM attempts)
"""


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


def visitor(app, address=HERE):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def guess(client, email, password=WRONG):
    return post(client, "/sign-in", email=email, password=password)


def add_failures(database, count, *, ago="0 s", known=False, succeeded=False, apart=1):
    values = {"apart": apart, "count": count, "ago": ago, "known": known, "succeeded": succeeded}
    with database.owner_engine.begin() as connection:
        connection.execute(text(FAILURES), values)


@pytest.fixture
def hashed(monkeypatch):
    """Every password that is compared."""
    seen, real = [], signing_in.check_password
    monkeypatch.setattr(signing_in, "check_password", lambda typed, kept: seen.append(typed) or real(typed, kept))
    return seen


def test_O3_one_password_at_many_accounts_stops_its_address(database, app, hashed):
    make_account(database.app_engine)
    stranger = visitor(app)
    guess(stranger, "person0@example.org")
    add_failures(database, ACCOUNTS_FROM_ONE_ADDRESS - 2)
    assert guess(stranger, "person1@example.org").status_code == 422
    del hashed[:]
    answer = guess(visitor(app), "person2@example.org")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "person2@example.org" in answer.text
    assert guess(visitor(app), "ana@example.org", PASSWORD).status_code == 429
    assert hashed == []
    assert guess(visitor(app, ELSEWHERE), "ana@example.org", PASSWORD).status_code == 303


def test_O3_the_owners_browser_gets_in_from_the_address_of_a_storm(database, app):
    make_account(database.app_engine)
    owner, stranger = visitor(app), visitor(app)
    sign_in(owner)
    post(owner, "/sign-out", page="/account")
    guess(stranger, "person@example.org")
    add_failures(database, 2 * ACCOUNTS_FROM_ONE_ADDRESS)
    assert guess(stranger, "ana@example.org").status_code == 429
    assert sign_in(owner).status_code == 303


@pytest.mark.parametrize(
    "harmless",
    [{"ago": "61 minutes"}, {"known": True}, {"succeeded": True}, {"apart": 0}],
    ids=lambda case: next(iter(case)),
)
def test_O3_old_tries_successes_known_browsers_and_one_forgetful_person_stop_no_address(database, app, harmless):
    make_account(database.app_engine)
    guess(visitor(app), "person@example.org")
    add_failures(database, 2 * ACCOUNTS_FROM_ONE_ADDRESS, **harmless)
    assert guess(visitor(app), "ana@example.org", PASSWORD).status_code == 303


def test_O3_no_more_hashes_run_at_a_time_than_there_are_slots(tmp_path):
    """Two of one folder are two processes."""
    first, second = (Slots("x", count=2, patience=5, folder=tmp_path) for _ in range(2))
    inside, most, lock = [0], [0], threading.Lock()

    def hash_one(slots):
        try:
            with slots.taken():
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                threading.Event().wait(0.05)
                with lock:
                    inside[0] -= 1
        except Braked as busy:
            return busy
        return None

    with ThreadPoolExecutor(16) as pool:
        went = list(pool.map(hash_one, [first, second] * 8))
    assert most == [2]
    assert inside == [0]
    sent_away = [busy for busy in went if busy is not None]
    assert len(sent_away) >= 16 - 6 - 4
    assert {busy.wait for busy in sent_away} == {timedelta(seconds=5)}


@pytest.fixture
def busy(app):
    """All strangers' slots are taken."""
    slots = hash_slots.FOR_STRANGERS
    held = [slots._lock(float("inf")) for _ in range(slots.count)]
    slots.patience, before = 0.05, slots.patience
    yield
    slots.patience = before
    for one in held:
        hash_slots.os.close(one)


def test_O3_beyond_the_bound_a_stranger_is_asked_to_come_back_and_the_text_is_kept(database, app, busy, hashed):
    make_account(database.app_engine)
    answer = guess(visitor(app), "ana@example.org", PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "5"
    assert "Many people are signing in" in answer.text
    assert "ana@example.org" in answer.text
    assert hashed == []
    with database.owner_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempts")).scalar_one() == 0, "no try was counted"


def test_O3_the_owners_browser_gets_in_while_strangers_have_every_slot(database, app, busy):
    make_account(database.app_engine)
    owner = visitor(app)
    owner.set_cookie("cvms_device", "d" * 43)
    with database.owner_engine.begin() as connection:
        known = "INSERT INTO known_devices (account_id, device_hash) SELECT id, :hash FROM accounts"
        connection.execute(text(known), {"hash": signing_in.hash_token("d" * 43)})
    assert sign_in(owner).status_code == 303
    assert post(owner, "/account/password", current_password=WRONG, password=PASSWORD).status_code == 422
