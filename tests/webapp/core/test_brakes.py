"""Every brake says that it braked: 429, the time to wait, and what was typed is kept (A9)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.store.identity.attempts import MAILS_FROM_ONE_ADDRESS, MAILS_TO_ONE_SUBJECT
from tests.webapp.accounts import make_account, post, sign_in

DETAILS = "/enrollment/begin/details"
FORGOT = "/account/forgot"


def begin(client, number):
    return post(
        client,
        DETAILS,
        organization_name=f"Quiet Pines {number}",
        name="Pat Doe",
        email=f"pat{number}@example.org",
    )


def assert_braked(answer, *words):
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    for word in words:
        assert word in answer.text


def test_A9_the_twenty_first_beginning_from_one_address_says_so_and_keeps_what_was_typed(database, client):
    for number in range(MAILS_FROM_ONE_ADDRESS):
        assert begin(client, number).status_code == 303
    answer = begin(client, 20)
    assert_braked(answer, "Many people on your network", "Wait 60 minutes", "Quiet Pines 20", "pat20@example.org")
    with database.owner_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM messages")).scalar_one() == MAILS_FROM_ONE_ADDRESS


def test_A9_once_the_hour_is_over_it_goes_on(database, client):
    for number in range(MAILS_FROM_ONE_ADDRESS + 1):
        last = begin(client, number)
    assert last.status_code == 429
    database.shift_clock("61 minutes")
    assert begin(client, 21).status_code == 303
    database.shift_clock("0 minutes")


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
def test_A9_the_sixth_mail_to_one_address_says_so_whoever_it_belongs_to(database, client, email, monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)
    make_account(database.app_engine, "known@example.org")
    for _ in range(MAILS_TO_ONE_SUBJECT):
        assert post(client, FORGOT, email=email).status_code == 303
    assert_braked(post(client, FORGOT, email=email), "several emails to this address", email)


def test_A9_a_brake_on_the_own_password_says_how_long(database, client):
    make_account(database.app_engine)
    sign_in(client)
    for _ in range(5):
        post(client, "/account/password", current_password="wrong", password="x")
    answer = post(client, "/account/password", current_password="wrong", password="nine loud ravens walking")
    assert_braked(answer, "There were too many tries. Wait 1 minute.")
