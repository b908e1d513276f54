"""Sessions and tries as the store writes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from models.crypto.sealing import hash_token
from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.domain.identity.lockout import Braked
from models.postgres.database import transaction
from models.queries.identity.sessions import find_session
from models.store.core.act import Act
from models.store.identity.attempts import Guess, brake, reserve_try, sweep_attempts
from models.store.identity.sessions import (
    end_session,
    extend_session,
    keep_session_data,
    start_session,
    sweep_sessions,
    touch_session,
)
from models.tables.identity.accounts import Account, Attempt, SessionRow
from tests.webapp.accounts import make_account


@pytest.fixture
def account_id(database):
    return make_account(database.app_engine)


def begin(session, account_id, **values):
    given = {"device": "Firefox Linux", "second_factor_passed": False}
    return start_session(Act(session, SYSTEM, uuid4().hex), account_id=account_id, **(given | values))


def age(database, **columns):
    with transaction(database.owner_engine) as session:
        values = {name: getattr(SessionRow, name) - span for name, span in columns.items()}
        session.execute(update(SessionRow).values(**values))


def test_one_statement_finds_session_account_and_grants(database, session):
    account_id = make_account(database.app_engine, "rev@example.org", role=Role.REV, team="enrollment")
    sid = begin(session, account_id, second_factor_passed=True)
    found = find_session(session, hash_token(sid))
    assert found.principal.account_id == account_id
    assert found.principal.teams == {"enrollment"}
    assert found.principal.second_factor_passed
    assert not found.half
    assert not found.expired


def test_an_ended_session_is_found_no_more_and_never_written_again(session, account_id):
    sid_hash = hash_token(begin(session, account_id))
    for _ in range(2):
        end_session(Act(session, SYSTEM), sid_hash=sid_hash, reason="test")
    touch_session(session, sid_hash=sid_hash)
    extend_session(session, sid_hash=sid_hash)
    keep_session_data(session, sid_hash=sid_hash, data={"a": 1})
    assert find_session(session, sid_hash) is None
    assert session.scalars(select(SessionRow.data)).one() == {}


def test_the_last_sign_of_life_is_written_once_a_minute(database, account_id):
    with transaction(database.app_engine) as session:
        sid_hash = hash_token(begin(session, account_id))
    for seconds, written in [(30, False), (61, True)]:
        age(database, last_seen_at=timedelta(seconds=seconds))
        with transaction(database.app_engine) as session:
            before = session.scalars(select(SessionRow.last_seen_at)).one()
            touch_session(session, sid_hash=sid_hash)
            after = session.scalars(select(SessionRow.last_seen_at)).one()
        assert (after > before) is written


@pytest.mark.parametrize(
    ("role", "columns", "ends"),
    [
        (None, {"last_seen_at": timedelta(minutes=29)}, False),
        (None, {"last_seen_at": timedelta(minutes=31)}, True),
        (None, {"ends_at": timedelta(hours=12)}, True),
        (Role.REV, {"last_seen_at": timedelta(minutes=14)}, False),
        (Role.REV, {"last_seen_at": timedelta(minutes=16)}, True),
    ],
)
def test_the_sweeper_ends_what_is_past_its_limits(database, role, columns, ends):
    account_id = make_account(database.app_engine, role=role, team="enrollment" if role else None)
    with transaction(database.app_engine) as session:
        begin(session, account_id)
    age(database, **columns)
    with transaction(database.worker_engine) as session:
        assert sweep_sessions(session) == int(ends)


def test_the_sweeper_ends_sessions_of_closed_accounts(database, account_id):
    with transaction(database.app_engine) as session:
        begin(session, account_id)
        session.execute(update(Account).values(status="disabled"))
    with transaction(database.worker_engine) as session:
        assert sweep_sessions(session) == 1


def test_twenty_tries_at_once_are_braked_like_twenty_in_a_row(database):
    def attempt(_):
        with transaction(database.app_engine) as session:
            tried = reserve_try(
                session, guess=Guess.SIGN_IN, subject="ana@example.org", address="10.0.0.1", known_device=False
            )
        return tried.verdict.allowed

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(attempt, range(20))) == 5


def test_fifty_failures_from_one_address_in_twelve_hours_are_the_limit_for_it(database, session):
    row = {"action": "sign_in", "known_device": False, "succeeded": False}
    key = {"subject_hash": hash_token("sign_in:ana@example.org"), "address_hash": hash_token("sign_in:10.0.0.1")}
    hours_ago = func.db_now() - timedelta(hours=5)
    session.add_all(Attempt(**row, **key, at=hours_ago) for _ in range(50))
    session.flush()
    session.add(Attempt(**(row | {"succeeded": True}), subject_hash=key["subject_hash"], address_hash="elsewhere"))
    session.flush()
    asked = {"guess": Guess.SIGN_IN, "subject": "ana@example.org", "known_device": False}
    assert not reserve_try(session, address="10.0.0.1", **asked).verdict.allowed
    assert reserve_try(session, address="10.0.0.2", **asked).verdict.allowed


def lets_through(session, **form):
    try:
        brake(session, **form)
    except Braked:
        return False
    return True


def test_a_form_sends_five_mails_an_hour_to_one_address_and_twenty_from_one(database, session):
    to_one = [lets_through(session, action="reset", subject="ana@example.org", address="10.0.0.1") for _ in range(7)]
    assert to_one == [True] * 5 + [False] * 2
    from_one = [
        lets_through(session, action="reset", subject=f"p{n}@example.org", address="10.0.0.1") for n in range(17)
    ]
    assert from_one == [True] * 15 + [False] * 2
    assert lets_through(session, action="other", subject="ana@example.org", address="10.0.0.1")


def test_after_an_hour_mails_go_out_again(database):
    def ask():
        with transaction(database.app_engine) as session:
            return lets_through(session, action="reset", subject="ana@example.org", address="10.0.0.1")

    assert [ask() for _ in range(6)] == [True] * 5 + [False]
    with transaction(database.owner_engine) as session:
        session.execute(update(Attempt).values(at=Attempt.at - timedelta(minutes=61)))
    assert ask()


def test_tries_are_forgotten_after_a_year(database):
    with transaction(database.owner_engine) as session:
        for days in (364, 366):
            session.add(
                Attempt(
                    action="sign_in",
                    subject_hash="s",
                    address_hash="a",
                    succeeded=False,
                    at=func.db_now() - timedelta(days=days),
                )
            )
    with transaction(database.worker_engine) as session:
        assert sweep_attempts(session) == 1
