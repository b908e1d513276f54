"""Dates in the reader's words, in the time of the state: a day, a moment, how long ago."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_date, format_time, format_timedelta, to_user_timezone
from flask_babel import gettext as _


def day(at: datetime) -> str:
    """The day, as "March 4, 2026"."""
    return str(format_date(to_user_timezone(at).date(), format="long", rebase=False))


def moment(at: datetime) -> str:
    """The day and the time, as "March 4, 2026, 2:05 PM"."""
    return f"{day(at)}, {format_time(at, format='short')}"


def ago(at: datetime, now: datetime) -> str:
    """How long ago in whole days: today, yesterday, 5 days ago."""
    days = (to_user_timezone(now).date() - to_user_timezone(at).date()).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return str(format_timedelta(at - now, granularity="day", threshold=1000, add_direction=True))
