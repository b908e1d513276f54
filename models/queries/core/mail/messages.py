"""Reading queued messages."""

from __future__ import annotations

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from models import reference
from models.domain.core.mail.messages import MessageStatus
from models.tables.core.messages import Message

UNSENT = (MessageStatus.WAITING, MessageStatus.SENDING)


def anything_to_send(session: Session) -> bool:
    """Whether a message is due to be handed over."""
    due = exists().where(Message.status.in_(UNSENT), Message.next_attempt_at <= func.db_now())
    return bool(session.execute(select(due)).scalar_one())


def anything_unsent(session: Session) -> bool:
    """Whether a message is due, or in the hand of a sender, who may be dead."""
    due = (Message.status == MessageStatus.WAITING) & (Message.next_attempt_at <= func.db_now())
    found = exists().where(or_(due, Message.status == MessageStatus.SENDING))
    return bool(session.execute(select(found)).scalar_one())


def mail_name(template: str, language: str) -> str | None:
    """What a mail is called in a language, English where it is not written in that; None for an unknown template."""
    try:
        mail = reference.load(f"messages/{template}")
    except LookupError:
        return None
    return str(mail.get(language, mail["en"])["name"])


def needs_link(template: str) -> bool:
    """Whether a mail of this template has a link in it."""
    return "${link}" in str(reference.load(f"messages/{template}"))
