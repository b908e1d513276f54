"""Business time against a count of the minutes, through holidays, weekends and both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.domain.core.calendar.service_hours import (
    BusinessCalendar,
    add_business_time,
    business_days,
    business_time_between,
)
from models.reference import load

NEW_YORK = ZoneInfo("America/New_York")
HOLIDAYS = frozenset(date.fromisoformat(day) for day in load("holidays")["days"])
OFFICE = BusinessCalendar(time(8), time(17), frozenset(range(5)), HOLIDAYS)
STEP = timedelta(minutes=30)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[misc,arg-type]


def is_open(moment: datetime) -> bool:
    """The reference: whether the half hour that begins at a moment is worked in."""
    there = moment.astimezone(NEW_YORK)
    return OFFICE.works_on(there.date()) and OFFICE.open <= there.time() < OFFICE.close


def counted(start: datetime, amount: timedelta) -> datetime:
    """The reference: half hours counted one by one in UTC."""
    moment = start.astimezone(UTC)
    while amount > timedelta(0):
        if is_open(moment):
            amount -= STEP
        moment += STEP
    return moment


half_hours = st.integers(min_value=0, max_value=3 * 365 * 48).map(
    lambda number: datetime(2025, 1, 1, tzinfo=UTC) + number * STEP
)


@settings(max_examples=150, deadline=None)
@given(start=half_hours, steps=st.integers(min_value=1, max_value=200))
def test_it_agrees_with_counting_half_hours(start: datetime, steps: int) -> None:
    assert add_business_time(start, steps * STEP, OFFICE) == counted(start, steps * STEP)


@settings(max_examples=150, deadline=None)
@given(start=half_hours, first=st.integers(0, 100), second=st.integers(0, 100))
def test_two_spans_after_each_other_are_one_span(start: datetime, first: int, second: int) -> None:
    halfway = add_business_time(start, first * STEP, OFFICE)
    assert (
        add_business_time(halfway, second * STEP, OFFICE) == add_business_time(start, (first + second) * STEP, OFFICE)
        or second == 0
    )


@settings(max_examples=150, deadline=None)
@given(start=half_hours, steps=st.integers(0, 300))
def test_the_time_between_is_the_time_that_was_added(start: datetime, steps: int) -> None:
    assert business_time_between(start, add_business_time(start, steps * STEP, OFFICE), OFFICE) == steps * STEP


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (local(2026, 3, 2, 10), 10, local(2026, 3, 16, 10)),  # over the change to daylight saving time on March 8
        (local(2026, 10, 26, 10), 10, local(2026, 11, 9, 10)),  # and back on November 1
        (local(2026, 11, 20, 16), 1, local(2026, 11, 23, 16)),  # over a weekend
        (local(2026, 11, 25, 16), 1, local(2026, 11, 30, 16)),  # over Thanksgiving
        (local(2026, 12, 23, 12), 1, local(2026, 12, 29, 12)),  # over Christmas
        (local(2026, 3, 7, 12), 1, local(2026, 3, 9, 17)),  # begun on a Saturday: the whole of Monday
        (local(2026, 3, 2, 22), 1, local(2026, 3, 3, 17)),  # begun in the evening
    ],
)
def test_days_are_business_days(start: datetime, days: int, due: datetime) -> None:
    assert add_business_time(start, business_days(days, OFFICE), OFFICE) == due


def test_it_answers_in_the_zone_it_was_asked_in() -> None:
    assert add_business_time(datetime(2026, 3, 2, 15, tzinfo=UTC), STEP, OFFICE).tzinfo is UTC


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="taken away"):
        add_business_time(local(2026, 3, 2, 10), -STEP, OFFICE)
    never = BusinessCalendar(time(8), time(17), frozenset(), frozenset())
    with pytest.raises(ValueError, match="never works"):
        add_business_time(local(2026, 3, 2, 10), STEP, never)


def test_the_holidays_are_weekdays_of_four_years() -> None:
    assert {day.year for day in HOLIDAYS} == {2025, 2026, 2027, 2028}
    assert all(day.weekday() < 5 for day in HOLIDAYS)
