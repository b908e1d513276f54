"""The deadlines of an enrollment's tasks: when people are reminded, warned, or passed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from models.domain.enrollment.declares import CHASE_DAYS, TASK_RULES, DeadlineKind, TaskKind

REMINDERS: Mapping[int, DeadlineKind] = {day: DeadlineKind(f"reminder_{day}") for day in CHASE_DAYS}
LAST_REMINDER = REMINDERS[max(CHASE_DAYS)]
"""With it the applicant is asked to name somebody else, where somebody else can be named."""


def reminders(kind: TaskKind, opened_at: datetime) -> dict[DeadlineKind, datetime]:
    """The reminders of a task: days 3, 7 and 14 after it was opened, to the minute."""
    return {REMINDERS[day]: opened_at + timedelta(days=day) for day in TASK_RULES[kind].reminder_days}


def chase_ends(kind: TaskKind, opened_at: datetime) -> datetime | None:
    """When a task of an applicant is late: with its last reminder."""
    return max(reminders(kind, opened_at).values(), default=None)
