"""The help line's opening hours, said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from babel.dates import get_day_names
from flask_babel import format_time, get_locale
from flask_babel import gettext as _

from models.domain.core.agency import HelpLineHours
from webapp.core.text.cached_words import cached_by_language


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of days with its hours, in words."""

    stretch: HelpLineHours

    @property
    def days(self) -> str:
        """The days, as "Monday to Friday"."""
        return _days(self.stretch.first_day, self.stretch.last_day)

    @property
    def times(self) -> str:
        """The times, as "7:00 AM – 7:00 PM"."""
        return _times(self.stretch.opens, self.stretch.closes)


def opening_hours(hours: Iterable[HelpLineHours]) -> tuple[Hours, ...]:
    """Every stretch of days with its hours."""
    return tuple(Hours(stretch) for stretch in hours)


@cached_by_language
def _days(first: int, last: int) -> str:
    names = get_day_names(locale=get_locale())
    if first == last:
        return str(names[first])
    return _("%(first)s to %(last)s", first=names[first], last=names[last])


@cached_by_language
def _times(opens: time, closes: time) -> str:
    return f"{_clock(opens)} – {_clock(closes)}"


def _clock(moment: time) -> str:
    return str(format_time(moment, format="short", rebase=False))
