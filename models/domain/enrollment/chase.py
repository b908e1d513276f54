"""The deadlines of an enrollment's tasks: when people are reminded, warned, or passed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.domain.core.service_hours import BusinessCalendar, in_office_hours, opening_after
from models.domain.core.tasks import CHASE_DAYS, TASK_RULES, TaskKind


class DeadlineKind(StrEnum):
    """What happens when a deadline of a task comes."""

    REMINDER_3 = "reminder_3"
    REMINDER_7 = "reminder_7"
    REMINDER_14 = "reminder_14"
    WARNING = "warning"
    BREACH = "breach"


REMINDERS: Mapping[int, DeadlineKind] = {day: DeadlineKind(f"reminder_{day}") for day in CHASE_DAYS}
LAST_REMINDER = REMINDERS[max(CHASE_DAYS)]
"""With it the applicant is asked to name somebody else, where somebody else can be named."""


def reminders(kind: TaskKind, opened_at: datetime, calendar: BusinessCalendar) -> dict[DeadlineKind, datetime]:
    """The reminders of a task: on days 3, 7 and 14 after it was opened, in office hours of the state (A17).

    Never two on one day: where holidays push one onto the day of the one before, it comes on the next working day.
    """
    due: dict[DeadlineKind, datetime] = {}
    zone, before = ZoneInfo(calendar.zone), None
    for day in TASK_RULES[kind].reminder_days:
        moment = in_office_hours(opened_at, day, calendar)
        if before is not None and moment.astimezone(zone).date() <= before:
            moment = opening_after(before, calendar).astimezone(opened_at.tzinfo)
        before = moment.astimezone(zone).date()
        due[REMINDERS[day]] = moment
    return due


def chase_ends(kind: TaskKind, opened_at: datetime, calendar: BusinessCalendar) -> datetime | None:
    """When a task of an applicant is late: with its last reminder."""
    return max(reminders(kind, opened_at, calendar).values(), default=None)
