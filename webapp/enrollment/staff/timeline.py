"""The history of an enrollment in words, for state staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from models.domain.core.actors import ActorKind
from models.queries.enrollment.timeline import MESSAGE, Event
from webapp.core.capability import declared
from webapp.core.text.dates import moment
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.core.text.mail_names import mail_name
from webapp.core.text.message_states import state_in_words

ACTORS: Mapping[ActorKind, str] = {
    ActorKind.LINK: _l("Someone with an emailed link"),
    ActorKind.PROCESS: _l("The system"),
    ActorKind.SYSTEM: _l("The system"),
    ActorKind.ANONYMOUS: _l("Someone who wasn't signed in"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the timeline shows it."""

    text: str
    at: str
    by: str | None
    note: str | None


def history(events: tuple[Event, ...]) -> list[Line]:
    """The events that say something to a person, in their order."""
    found = ((event, _text(event)) for event in events)
    return [
        Line(text, moment(event.at), _who(event), event.detail.get("reason") or None) for event, text in found if text
    ]


def _text(event: Event) -> str | None:
    if event.what == MESSAGE:
        sent = str(event.detail["template"])
        about = mail_name(sent)
        return _("Email: %(about)s (%(status)s)", about=about, status=state_in_words(event.outcome)) if about else None
    known = declared()
    words = (known.tries if event.outcome == "refused" else known.events).get(event.what)
    return str(words) if words else None


def _who(event: Event) -> str | None:
    if event.name is not None:
        return _("to %(name)s", name=event.name) if event.what == MESSAGE else event.name
    return str(ACTORS[event.actor]) if event.actor is not None and event.actor in ACTORS else None
