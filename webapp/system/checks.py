"""Each thing that the product leans on: how it is, and what to do when it is not well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.domain.core.calendar.service_hours import HOLIDAYS_AHEAD_DAYS
from models.queries.operations.system import SystemState
from webapp.core.text.dates import day

SILENT_AFTER = 15
UNHEARD_AFTER = 60
UNSEALED_AFTER = 10
UNSENT_AFTER = 300


class Condition(StrEnum):
    """How something is."""

    WELL = "well"
    BAD = "bad"
    UNKNOWN = "unknown"
    ENDING = "ending"


TONES = {Condition.WELL: "good", Condition.BAD: "bad", Condition.UNKNOWN: "waiting", Condition.ENDING: "waiting"}
CONDITIONS: dict[Condition, LazyString] = {
    Condition.WELL: _l("Working"),
    Condition.BAD: _l("Not working"),
    Condition.UNKNOWN: _l("Not known"),
    Condition.ENDING: _l("Ends soon"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing, how it is, what was seen, and the way out when it is not well."""

    name: str
    condition: Condition
    seen: str
    way_out: str

    @property
    def well(self) -> bool:
        return self.condition is Condition.WELL


def checks(state: SystemState) -> list[Check]:
    """In the order in which a fault spreads."""
    return [
        _tables(state),
        _worker(state),
        _temporal(state),
        _new_tasks_page(state),
        _mail(state),
        _seals(state),
        _holidays(state),
    ]


def _tables(state: SystemState) -> Check:
    return Check(
        _("Database"),
        _judge(not state.health.migrated),
        _("Its tables are at version %(version)s.", version=state.health.database_revision or "–"),
        _("The database doesn't match this version. Run the migrations, then restart web and worker."),
    )


def _worker(state: SystemState) -> Check:
    age = state.health.worker_seen_seconds_ago
    return Check(
        _("Worker"),
        _judge_age(age, SILENT_AFTER),
        _last_seen(age),
        _("Start the worker. Until then, decisions are saved, but nothing moves forward."),
    )


def _temporal(state: SystemState) -> Check:
    age = state.health.temporal_reached_seconds_ago
    return Check(
        _("Temporal"),
        Condition.BAD if state.health.temporal_problem else _judge_age(age, SILENT_AFTER),
        _last_seen(age),
        _("Check that the Temporal server is running and the worker can reach it. Pages keep working; processes wait."),
    )


def _new_tasks_page(state: SystemState) -> Check:
    age = state.figures.oldest_unprocessed_event
    return Check(
        _("Events to the processes"),
        _judge_age(age, UNHEARD_AFTER),
        _("All events delivered.") if age == 0 else _("The oldest waits for %(seconds)s seconds.", seconds=round(age)),
        _("If the worker and Temporal are working, look at the stalled processes below."),
    )


def _mail(state: SystemState) -> Check:
    age, refused = state.figures.oldest_message_waiting, state.figures.messages_refused
    if refused:
        return Check(
            _("Messages"),
            Condition.BAD,
            ngettext("The mail server refuses %(num)s message.", "The mail server refuses %(num)s messages.", refused),
            _(
                "Read what the server said below, and fix it there: its relay rules, our sign-in, its space. "
                "The messages keep their links and are tried again."
            ),
        )
    return Check(
        _("Messages"),
        _judge_age(age, UNSENT_AFTER),
        _("No messages waiting.") if age == 0 else _("The oldest waits for %(seconds)s seconds.", seconds=round(age)),
        _("Check that the mail server is answering. Messages are kept and sent when it does."),
    )


def _seals(state: SystemState) -> Check:
    age = state.figures.oldest_unsealed_audit
    return Check(
        _("Seals of the audit trail"),
        _judge_age(age, UNSEALED_AFTER),
        _("All rows are sealed.") if age == 0 else _("The oldest waits for %(seconds)s seconds.", seconds=round(age)),
        _("The worker writes the seals. Check its log."),
    )


def _holidays(state: SystemState) -> Check:
    days = state.figures.holidays_known_days
    condition = Condition.WELL if days >= HOLIDAYS_AHEAD_DAYS else Condition.ENDING if days >= 0 else Condition.BAD
    return Check(
        _("State holidays"),
        condition,
        _("They are listed until %(day)s.", day=day(state.now + timedelta(days=days))),
        _("Add the next year to the list of holidays. Without it, promised dates and reminders fall on days off."),
    )


def _judge(bad: bool) -> Condition:
    return Condition.BAD if bad else Condition.WELL


def _judge_age(age: float | None, limit: float) -> Condition:
    return Condition.UNKNOWN if age is None else _judge(age > limit)


def _last_seen(age: float | None) -> str:
    if age is None:
        return _("Never seen.")
    return ngettext("Last seen %(num)s second ago.", "Last seen %(num)s seconds ago.", round(age))
