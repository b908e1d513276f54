"""The help line's opening hours, read from the reference data and said in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cache

from babel.dates import get_day_names
from flask_babel import format_time, get_locale

from models.reference import load
from webapp.core.text.cached_words import cached_by_language


@dataclass(frozen=True, slots=True)
class Hours:
    """From one weekday to another (Monday is 0), open from and to, in the state's own time."""

    first_day: int
    last_day: int
    opens: time
    closes: time

    @property
    def days(self) -> str:
        """The days, as "Monday to Friday"."""
        return _days(self.first_day, self.last_day)

    @property
    def times(self) -> str:
        """The times, as "7:00 AM – 7:00 PM"."""
        return _times(self.opens, self.closes)


def opening_hours() -> tuple[Hours, ...]:
    """Every stretch of days with its hours."""
    return _read()


@cache
def _read() -> tuple[Hours, ...]:
    return tuple(
        Hours(row["first_day"], row["last_day"], time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))
        for row in load("opening_hours")["help_line"]
    )


@cached_by_language
def _days(first: int, last: int) -> str:
    names = get_day_names(locale=get_locale())
    return f"{names[first]} – {names[last]}"


@cached_by_language
def _times(opens: time, closes: time) -> str:
    return f"{_clock(opens)} – {_clock(closes)}"


def _clock(moment: time) -> str:
    return str(format_time(moment, format="short", rebase=False))
