"""The rows of the system page: what is stuck, since when, and its way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from models.domain.core.mail.messages import MessageStatus
from models.queries.operations.system import StalledProcess, UnsentMessage
from webapp.core.capability import declared, named
from webapp.core.forms.form import Form
from webapp.core.text.dates import moment
from webapp.core.text.mail_names import mail_name
from webapp.core.text.message_states import state_tag, state_tone
from webapp.tasks.labels import since


@dataclass(frozen=True, slots=True)
class RowButton:
    """A button: its words, where it leads, and its form with a token of its own."""

    words: str
    address: str
    form: Form


@dataclass(frozen=True, slots=True)
class StuckRow:
    """One row, the way out in words, and a button where pressing it is safe."""

    title: str
    facts: list[str]
    way_out: str
    status: str
    tone: str
    act: RowButton | None


def process_row(process: StalledProcess, now: datetime) -> StuckRow:
    """A process without progress."""
    facts = [
        process.reference or "",
        _("Published %(published)s, processed %(processed)s", published=process.published, processed=process.processed),
        _("No progress for: %(ago)s", ago=since(process.since, now)),
    ]
    address = url_for("system.ring", process_id=process.process_id)
    return StuckRow(
        title=named(declared().processes, process.kind),
        facts=facts,
        way_out=_ring_out(process) if process.ringable else _rebuild_out(),
        status=_("Events not processed") if process.unheard else _("Not seen running"),
        tone="bad",
        act=RowButton(_("Deliver again"), address, Form()) if process.ringable else None,
    )


def message_row(message: UnsentMessage, now: datetime) -> StuckRow:
    """A message that was not handed over."""
    facts = [
        message.address,
        _("Written %(ago)s", ago=since(message.created_at, now)),
        _("Tries: %(count)s", count=message.attempts),
        _said(message),
    ]
    return StuckRow(
        title=mail_name(message.template) or message.template,
        facts=facts,
        way_out=_message_out(message),
        status=state_tag(message.status),
        tone=state_tone(message.status),
        act=None if message.link_lost else _try_again(message),
    )


def _said(message: UnsentMessage) -> str:
    if not message.reply_code:
        return ""
    code = f"{message.reply_code} {message.enhanced_code or ''}".strip()
    return _("The mail server said %(code)s", code=code)


def _try_again(message: UnsentMessage) -> RowButton:
    words = _("Send it") if message.status is MessageStatus.HELD else _("Try again")
    return RowButton(words, url_for("system.retry", message_id=message.message_id), Form())


def _ring_out(process: StalledProcess) -> str:
    words = _("The worker tries again each minute. Deliver now if it's working. If that doesn't help, start it again:")
    return f"{words} cvms rebuild --process {process.process_id}"


def _rebuild_out() -> str:
    words = _("If the worker and Temporal are working, start it again:")
    return f"{words} cvms rebuild"


def _message_out(message: UnsentMessage) -> str:
    if message.link_lost:
        return _(
            "The address doesn't accept our mail, and the link has "
            "ended. Ask for the right address, and we'll send a new link."
        )
    if message.status is MessageStatus.UNDELIVERABLE:
        return _(
            "The address doesn't accept our mail. Ask for the right address, or try again once its owner has fixed it."
        )
    if message.status is MessageStatus.HELD:
        return _(
            "It was written before the database was restored, so it may already have been sent. "
            "Send it if it's still needed."
        )
    if message.refused:
        return _(
            "The mail server refused it, and not because of its address. Fix the server. It is tried again %(at)s.",
            at=moment(message.next_attempt_at),
        )
    return _("We'll try again %(at)s. Check that the mail server is answering.", at=moment(message.next_attempt_at))
