"""What tasks are called, when they are due, who holds them, and why one may not act: in the reader's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_time, format_timedelta, ngettext
from flask_babel import gettext as _

from models.domain.core.calendar.dates import ZONE
from models.domain.core.tasks import UNDELIVERABLE, Refusal, TaskStatus, Urgency
from models.queries.core.task_rows import TaskRow
from models.queries.core.tasks import View
from webapp.core.capability import declared, named
from webapp.core.text.cached_words import cached_by_language
from webapp.core.text.lazy_text import lazy_text as _l

STATE_TIME = ZoneInfo(ZONE)
GROUPS: Mapping[Urgency, str] = {
    Urgency.CRITICALLY_OVERDUE: _l("Critically overdue"),
    Urgency.OVERDUE: _l("Overdue"),
    Urgency.DUE_SOON: _l("Due soon"),
    Urgency.NOT_DUE: _l("Not due yet"),
}
VIEWS: Mapping[View, str] = {
    View.MINE: _l("Mine"),
    View.UNASSIGNED: _l("My team – unassigned"),
    View.TEAM: _l("All of my team"),
    View.DONE: _l("Done by me"),
}
TONES: Mapping[Urgency, str] = {
    Urgency.CRITICALLY_OVERDUE: "bad",
    Urgency.OVERDUE: "bad",
    Urgency.DUE_SOON: "waiting",
    Urgency.NOT_DUE: "neutral",
}
UNDELIVERED = _l("Correct the email address of %(name)s: our email couldn't be delivered")
REFUSALS: Mapping[Refusal, str] = {
    Refusal.NOT_CANDIDATE: _l("This task is for another role. You can read it, but not decide it."),
    Refusal.SECOND_PERSON: _l("You made the first decision, so someone else has to approve."),
    Refusal.OWN_ORGANIZATION: _l(
        "You have a role at this organization, or had one in the last 12 months, so someone else has to decide."
    ),
}
SHORT_REFUSALS: Mapping[Refusal, str] = {
    Refusal.SECOND_PERSON: _l("You made the first decision, so someone else has to approve"),
    Refusal.OWN_ORGANIZATION: _l("You have a role there, so someone else has to decide"),
}


def title(kind: str, values: Mapping[str, str]) -> str:
    """What is asked, in one line; a value that is missing is left out."""
    known = defaultdict(str, {name: str(text) for name, text in values.items()})
    known["place"] = known["location"] or known["organization"]
    words = (_unreached() if known["because"] == UNDELIVERABLE else _asked(kind)) % known
    locations = known["locations"]
    return f"{words}, {_locations(int(locations))}" if locations.isdecimal() else words


@cached_by_language
def _asked(kind: str) -> str:
    return named(declared().titles, kind)


def outcome_words(outcome: str) -> str:
    """What a decision is called once it was made."""
    return named(declared().outcomes, outcome)


def team_words(team: str | None) -> str:
    """What a team is called in a sentence; nothing for a task without one."""
    return named(declared().teams, team) if team else ""


@cached_by_language
def _unreached() -> str:
    return str(UNDELIVERED)


@cached_by_language
def _locations(count: int) -> str:
    return str(ngettext("%(num)d location", "%(num)d locations", count))


def due(due_at: datetime | None, now: datetime) -> str:
    """When it is due, as people say it."""
    if due_at is None:
        return _("No due date")
    days = (_day(due_at) - _day(now)).days
    if days == 0:
        time = format_time(due_at, format="short")
        return _("Was due today, %(time)s", time=time) if due_at <= now else _("Due today, %(time)s", time=time)
    return _due_in(days)


@cached_by_language
def _due_in(days: int) -> str:
    if days < 0:
        return str(ngettext("%(num)d day overdue", "%(num)d days overdue", -days))
    if days == 1:
        return _("Due tomorrow")
    return str(ngettext("Due in %(num)d day", "Due in %(num)d days", days))


def due_day(due_at: datetime | None) -> str | None:
    """The day on which it is due, beside the words."""
    return None if due_at is None else _named(_day(due_at))


@cached_by_language
def _named(day: date) -> str:
    return str(format_date(day, format="medium", rebase=False))


def _day(at: datetime) -> date:
    return at.astimezone(STATE_TIME).date()


def since(at: datetime, now: datetime) -> str:
    """How long ago: a moment ago, 2 minutes ago, 3 days ago."""
    if (now - at).total_seconds() < 60:
        return _("a moment ago")
    return str(format_timedelta(at - now, add_direction=True, threshold=1))


def holder(row: TaskRow, now: datetime) -> str | None:
    """Who has the task in hand, or who decided it and how."""
    if row.status is TaskStatus.DONE and row.outcome and row.decided_at:
        return _("%(outcome)s, %(ago)s", outcome=outcome_words(row.outcome), ago=since(row.decided_at, now))
    if row.mine:
        return _("Assigned to you")
    if row.held and row.claimed_at:
        return _("%(name)s took it %(ago)s", name=row.holder or "?", ago=since(row.claimed_at, now))
    return _nobody() if row.team else None


@cached_by_language
def _nobody() -> str:
    return _("Unassigned")
