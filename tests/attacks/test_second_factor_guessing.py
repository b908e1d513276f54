"""Attacks on the second factor (S10): old and used codes, twenty at once, guessing on and on, ways around it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.recovery_codes import make_recovery_codes
from models.store.identity.second_factors import remove_second_factor
from tests.webapp.accounts import PASSWORD, code_now, make_account, post
from tests.webapp.applicants import link_for
from webapp.identity.factors import second_factors

CODE = "/account/second-factor"
RECOVERY = "/account/second-factor/recovery"
AT_ONCE = 20
FEWER = 8
FREE = 5
BUSY = 503
"""What a machine answers that has too much to do; it lets nobody in."""
MOST_IN_TEN_MINUTES = 10
NEW = "nine loud ravens walking"


@pytest.fixture
def account_id(database):
    return make_account(database.app_engine, role=Role.REV, team="enrollment")


@pytest.fixture
def clock(database):
    yield database.shift_clock
    database.shift_clock("0 days")


def half(app, number=0):
    """A new browser at an address of its own, the password typed."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
    answer = post(client, "/sign-in", email="ana@example.org", password=PASSWORD)
    assert answer.headers["Location"] == CODE
    return client


def statuses_at_once(clients, code, door=CODE):
    """All send it, eight at the same moment."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda client: post(client, door, code=code).status_code, clients))


def checked_codes(monkeypatch):
    """Every code that is compared from now on."""
    seen, real = [], second_factors.matching_step

    def matching(typed, **values):
        seen.append(typed)
        return real(typed, **values)

    monkeypatch.setattr(second_factors, "matching_step", matching)
    return seen


def test_of_twenty_browsers_with_the_same_code_one_gets_in(database, app, account_id):
    clients = [half(app, number) for number in range(AT_ONCE)]
    statuses = statuses_at_once(clients, code_now())
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 422, 429, BUSY}
    opened = [client.get("/account").status_code == 200 for client in clients]
    assert opened == [status == 303 for status in statuses]


def test_of_eight_wrong_codes_at_once_at_most_five_are_checked(database, app, account_id, monkeypatch):
    clients = [half(app, number) for number in range(FEWER)]
    seen = checked_codes(monkeypatch)
    statuses = statuses_at_once(clients, "000000" if code_now() != "000000" else "000001")
    assert set(statuses) <= {422, 429, BUSY}
    assert 0 < len(seen) <= FREE


@pytest.mark.parametrize("steps_away", [-40, -3, -2, 2, 3])
def test_a_code_of_another_time_opens_nothing(app, account_id, steps_away):
    client = half(app)
    assert post(client, CODE, code=code_now(steps_away=steps_away)).status_code == 422
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("steps_away", [0, -1])
def test_a_used_code_and_the_one_before_it_are_dead_inside_their_window(app, account_id, clock, steps_away):
    used = code_now(steps_away=1)
    older = code_now(steps_away=steps_away)
    assert post(half(app), CODE, code=used).status_code == 303
    for code in (used, older):
        client = half(app, 1)
        assert post(client, CODE, code=code).status_code == 422
        assert client.get("/account").status_code == 302


def test_ten_minutes_of_guessing_get_ten_codes_at_most_wherever_they_are_typed(app, account_id, clock, monkeypatch):
    """Another browser, another address and another kind of proof each time do not help."""
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)
    checked = 0
    for number in range(15):
        clock(f"{number * 40} seconds")
        door, code = ((CODE, f"{number:06}"), (RECOVERY, "0000-0000-0000-0000"))[number % 2]
        checked += post(half(app, number), door, code=code).status_code == 422
    assert FREE <= checked <= MOST_IN_TEN_MINUTES


def test_a_new_password_forgives_no_wrong_codes_and_skips_nothing(database, app, account_id):
    client = half(app)
    assert [post(client, CODE, code="000000").status_code for _ in range(FREE + 1)][-1] == 429
    post(app.test_client(), "/account/forgot", email="ana@example.org")
    visitor = app.test_client()
    assert post(visitor, link_for(database, "ana@example.org", "password_reset"), password=NEW).status_code == 303
    assert visitor.get("/account").status_code == 302
    assert post(visitor, "/sign-in", email="ana@example.org", password=NEW).headers["Location"] == CODE
    assert visitor.get("/account").headers["Location"].startswith(CODE)
    braked = post(visitor, CODE, code=code_now())
    assert braked.status_code == 429
    assert "reset your password" not in braked.get_data(as_text=True)


def test_a_recovery_code_sent_by_eight_browsers_opens_one(database, app, account_id):
    with transaction(database.app_engine) as session:
        code = make_recovery_codes(Act(session, SYSTEM, "made"), account_id=account_id)[0]
    clients = [half(app, number) for number in range(FEWER)]
    statuses = statuses_at_once(clients, code, RECOVERY)
    assert statuses.count(303) == 1
    assert sum(client.get("/account").status_code == 200 for client in clients) == 1


def test_whoever_guessed_at_a_removed_second_factor_keeps_nobody_from_setting_up_another(database, app, account_id):
    client = half(app)
    for _ in range(FREE + 1):
        post(client, CODE, code="000000")
    with transaction(database.app_engine) as session:
        remove_second_factor(Act(session, SYSTEM, uuid4().hex), account_id=account_id)
    fresh = half(app)
    assert fresh.get(CODE).headers["Location"].startswith(f"{CODE}/set-up")
    answer = post(fresh, f"{CODE}/set-up", code="000000")
    assert answer.status_code == 422


def test_the_secret_and_the_codes_stand_in_no_audit_row(database, app, account_id):
    code = code_now()
    post(half(app), CODE, code=code)
    with database.owner_engine.connect() as connection:
        rows = connection.scalars(text("SELECT a::text FROM audit a")).all()
    assert rows
    assert not [row for row in rows if f'"{code}"' in row]
