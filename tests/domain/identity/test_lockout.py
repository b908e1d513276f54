"""When tries are braked (P27), as a table and with made-up values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.identity.lockout import LONGEST_WAIT, TRIES_IN_A_ROW, Tries, assess_try

NOW = datetime(2021, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("recent", "seconds_ago", "allowed"),
    [
        (0, 0, True),
        (4, 0, True),
        (5, 0, False),
        (5, 59, False),
        (5, 60, True),
        (6, 60, False),
        (6, 120, True),
        (7, 239, False),
        (7, 240, True),
        (30, 3599, False),
        (30, 3600, True),
    ],
)
def test_waits_grow_from_the_fifth_failure_on(recent, seconds_ago, allowed):
    tries = Tries(recent, recent, recent, NOW - timedelta(seconds=seconds_ago))
    assert assess_try(tries, NOW).allowed is allowed


def test_fifty_tries_from_one_address_are_the_end_for_that_address():
    verdict = assess_try(Tries(0, 0, 50, NOW - timedelta(hours=2)), NOW)
    assert not verdict.allowed
    assert not verdict.reset_needed


def test_after_a_hundred_in_a_row_only_a_new_password_helps():
    verdict = assess_try(Tries(TRIES_IN_A_ROW, 0, 0, NOW - timedelta(days=3)), NOW)
    assert not verdict.allowed
    assert verdict.reset_needed


@given(recent=st.integers(0, 99), ago=st.integers(0, 100_000))
def test_whoever_waits_the_time_told_may_try_again(recent, ago):
    tries = Tries(recent, recent, 0, NOW - timedelta(seconds=ago))
    verdict = assess_try(tries, NOW)
    assert verdict.wait <= LONGEST_WAIT
    assert assess_try(tries, NOW + verdict.wait).allowed


@given(st.lists(st.integers(0, 3600), max_size=400))
def test_never_more_than_five_checks_in_a_minute_and_a_hundred_in_a_row(pauses):
    now, checked = NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        recent = [at for at in checked if at > now - timedelta(hours=12)]
        if assess_try(Tries(len(checked), len(recent), 0, checked[-1] if checked else None), now).allowed:
            checked.append(now)
    assert len(checked) <= TRIES_IN_A_ROW
    for index in range(len(checked) - 5):
        assert checked[index + 5] - checked[index] >= timedelta(seconds=60)
