"""When people are chased: reminders on the days of the task rule, and the clock of a promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.domain.capabilities import task_rule
from models.domain.core.calendar.service_hours import (
    BusinessCalendar,
    add_business_time,
    business_days,
    business_time_between,
    in_office_hours,
    opening_after,
)
from models.domain.core.tasks import SOON_DAYS, DeadlineKind, reminder_kind


@dataclass(frozen=True, slots=True)
class Promise:
    """A time that was promised: from when it counts, until when, and the setting that says when to warn (percent)."""

    begun_at: datetime
    due_at: datetime
    warning_setting: str


def last_reminder(kind: str) -> str | None:
    """The last reminder of a kind of task; None for one that nobody is reminded of."""
    days = task_rule(kind).reminder_days
    return reminder_kind(max(days)) if days else None


def reminders(kind: str, opened_at: datetime, calendar: BusinessCalendar) -> dict[str, datetime]:
    """The reminders of a task on the days of its rule after it was opened, in office hours of the state (A17).

    Never two on one day: where holidays push one onto the day of the one before, it comes on the next working day.
    """
    due: dict[str, datetime] = {}
    zone, before = ZoneInfo(calendar.zone), None
    for day in task_rule(kind).reminder_days:
        moment = in_office_hours(opened_at, day, calendar)
        if before is not None and moment.astimezone(zone).date() <= before:
            moment = opening_after(before, calendar).astimezone(opened_at.tzinfo)
        before = moment.astimezone(zone).date()
        due[reminder_kind(day)] = moment
    return due


def chase_ends(kind: str, opened_at: datetime, calendar: BusinessCalendar) -> datetime | None:
    """When a task that people are reminded of is late: with its last reminder."""
    return max(reminders(kind, opened_at, calendar).values(), default=None)


def due_after(begun_at: datetime, days: float, calendar: BusinessCalendar) -> datetime:
    """When so many business days have passed."""
    return add_business_time(begun_at, business_days(days, calendar), calendar)


def warning_due(begun_at: datetime, due_at: datetime, percent: float, calendar: BusinessCalendar) -> datetime:
    """When so many percent of the business time between two moments have passed, and the task is due soon (U8).

    However long the promise is, a task that people are warned of stands under "Due soon" in their inbox.
    """
    whole = business_time_between(begun_at, due_at, calendar)
    not_soon = whole - business_days(SOON_DAYS, calendar)
    return add_business_time(begun_at, max(whole * percent / 100, not_soon), calendar)


def clock(promise: Promise, *, percent: float, as_of: datetime, calendar: BusinessCalendar) -> dict[str, datetime]:
    """When a promise is warned of and when it is broken; a warning that would come too late is left out."""
    warn_at = warning_due(promise.begun_at, promise.due_at, percent, calendar)
    warning: dict[str, datetime] = {DeadlineKind.WARNING: warn_at} if warn_at >= as_of else {}
    return {DeadlineKind.BREACH: promise.due_at, **warning}
