"""Reminders are sent in office hours of their calendar day, through holidays and both changes of the clock (A17)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.core.calendar.service_hours import BusinessCalendar, holidays_end, in_office_hours, opening_after
from models.domain.core.chase import reminders
from models.domain.core.tasks import reminder_kind
from models.domain.enrollment.declares import CHASE_DAYS
from models.domain.enrollment.kinds import TaskKind
from models.queries.core.program import listed_holidays

ZONE = ZoneInfo("America/New_York")
START = datetime(2025, 1, 1, tzinfo=ZONE).astimezone(UTC)
OFFICE = BusinessCalendar(time(8), time(17), frozenset(range(5)), listed_holidays())


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("opened", "day", "due"),
    [
        ("2026-03-05 23:30", 3, "2026-03-08 08:00"),  # the clock changes in the night to March 8
        ("2026-03-05 10:15", 3, "2026-03-08 10:15"),
        ("2026-10-29 03:15", 3, "2026-11-01 08:00"),  # and back in the night to November 1
        ("2026-12-22 03:15", 3, "2026-12-29 08:00"),  # the 25th and the 28th are holidays, a weekend between them
        ("2026-12-22 17:00", 14, "2027-01-05 08:00"),
        ("2026-12-21 12:00", 3, "2026-12-29 08:00"),
        ("2026-12-21 12:00", 7, "2026-12-30 08:00"),  # not the second of one day
    ],
)
def test_A17_a_reminder_comes_in_office_hours_of_its_calendar_day(opened: str, day: int, due: str) -> None:
    assert reminders(TaskKind.SIGN_SECTION, local(opened), OFFICE)[reminder_kind(day)] == local(due)


@given(st.integers(0, 4 * 365 * 24 * 60 - 30 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)))
def test_A17_no_reminder_comes_at_night_on_a_holiday_too_early_or_twice_a_day(opened: datetime) -> None:
    due = reminders(TaskKind.SIGN_SECTION, opened, OFFICE)
    moments = [due[reminder_kind(day)].astimezone(ZONE) for day in CHASE_DAYS]
    begun = opened.astimezone(ZONE).date()
    for day, moment in zip(CHASE_DAYS, moments, strict=True):
        assert OFFICE.open <= moment.time() < OFFICE.close
        assert moment.date() not in OFFICE.holidays
        wanted = begun + timedelta(days=day)
        assert moment.date() >= wanted
        assert moment.date() == wanted or OFFICE.works_on(moment.date())
    assert len({moment.date() for moment in moments}) == len(moments)
    assert moments == sorted(moments)


def test_a_calendar_that_never_works_is_refused() -> None:
    never = BusinessCalendar(time(8), time(17), frozenset(), frozenset({date(2026, 3, 3)}))
    with pytest.raises(ValueError, match="never works"):
        opening_after(date(2026, 3, 2), never)
    with pytest.raises(ValueError, match="never works"):
        in_office_hours(local("2026-03-02 09:00"), 1, never)


def test_a_list_of_holidays_speaks_of_whole_years() -> None:
    assert holidays_end([date(2027, 12, 31), date(2028, 12, 26)]) == date(2028, 12, 31)
