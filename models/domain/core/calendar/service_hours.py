"""Business time: the hours that a promise to an applicant counts in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HORIZON_DAYS = 3660
"""Ten years: a calendar without an open day must not be searched for ever."""
HOLIDAYS_AHEAD_DAYS = 366
"""Holidays must be known for a year from now; when they are not, the operator is told to extend their list."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When the office works: `open` to `close` on `weekdays` (Monday is 0), never on `holidays`.

    Hours are those of the wall clock in `zone`. Opening and closing must not fall into the hour that
    the change to or from daylight saving time touches (1 to 3 in the morning in North Carolina).
    """

    open: time
    close: time
    weekdays: frozenset[int]
    holidays: frozenset[date]
    zone: str = "America/New_York"

    @property
    def day_length(self) -> timedelta:
        """How much business time a business day has."""
        return datetime.combine(date.min, self.close) - datetime.combine(date.min, self.open)

    def works_on(self, day: date) -> bool:
        """Whether the office is open on a day."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of a day."""
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, self.open, zone), datetime.combine(day, self.close, zone)


def business_days(days: float, calendar: BusinessCalendar) -> timedelta:
    """The business time of so many business days."""
    return days * calendar.day_length


def add_business_time(start: datetime, amount: timedelta, calendar: BusinessCalendar) -> datetime:
    """The moment at which `amount` of business time has passed since `start`, in the zone of `start`.

    Time outside the hours does not count, so an amount that ends with the day ends at closing, not at
    the next opening. Raises `ValueError` for a negative amount or a calendar that never works.
    """
    if amount < timedelta(0):
        raise ValueError("business time cannot be taken away")
    for begins, ends in _open_spans(start, calendar):
        if amount <= ends - begins:
            return (begins + amount).astimezone(start.tzinfo)
        amount -= ends - begins
    raise ValueError("the calendar never works")


def business_time_between(start: datetime, end: datetime, calendar: BusinessCalendar) -> timedelta:
    """How much business time lies between two moments; nothing when `end` is not after `start`."""
    passed = timedelta(0)
    for begins, ends in _open_spans(start, calendar):
        if begins >= end:
            break
        passed += min(ends, end.astimezone(ends.tzinfo)) - begins
    return passed


def in_office_hours(start: datetime, days: int, calendar: BusinessCalendar) -> datetime:
    """The moment on the calendar day `days` after `start` at which people may be written to, in the zone of `start`.

    Days are counted on the calendar of the office, so a change of the clock moves nothing. It is the same time of
    day, where that lies within the hours, else opening. On a holiday nobody is written to: the next day on which the
    office works, at opening. A day of the weekend counts as a calendar day like any other.
    """
    local = start.astimezone(ZoneInfo(calendar.zone))
    day = local.date() + timedelta(days=days)
    if day in calendar.holidays:
        return opening_after(day, calendar).astimezone(start.tzinfo)
    opening, closing = calendar.hours_of(day)
    same_time = datetime.combine(day, local.time(), ZoneInfo(calendar.zone))
    return (same_time if opening <= same_time < closing else opening).astimezone(start.tzinfo)


def opening_after(day: date, calendar: BusinessCalendar) -> datetime:
    """When the office next opens on a later day; raises `ValueError` for a calendar that never works."""
    later = (day + timedelta(days=offset) for offset in range(1, _HORIZON_DAYS))
    found = next((one for one in later if calendar.works_on(one)), None)
    if found is None:
        raise ValueError("the calendar never works")
    return calendar.hours_of(found)[0]


def holidays_end(holidays: Collection[date]) -> date:
    """The last day that a list of holidays speaks of: the end of its last year, since lists are made by year."""
    return date(max(day.year for day in holidays), 12, 31)


def _open_spans(start: datetime, calendar: BusinessCalendar) -> Iterator[tuple[datetime, datetime]]:
    """The open hours from `start` on, day by day, in the calendar's zone."""
    local = start.astimezone(ZoneInfo(calendar.zone))
    for offset in range(_HORIZON_DAYS):
        day = local.date() + timedelta(days=offset)
        if not calendar.works_on(day):
            continue
        opening, closing = calendar.hours_of(day)
        if max(opening, local) < closing:
            yield max(opening, local), closing
