"""Finding a message by the number at its end, and saying what its reader saw, without anybody's data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.identifiers import messages_numbered
from models.domain.core.mail.messages import MessageStatus
from models.queries.operations.system import masked
from models.reference import load
from models.tables.core.messages import Message

VALUE = re.compile(r"\$\{\w+\}")
BUTTON = re.compile(r"^->\s*([^|]+?)\s*\|.*$", re.MULTILINE)
FALLBACK_LANGUAGE = "en"
MOST = 10
"""As many messages of one number are shown; two are rare already."""


@dataclass(frozen=True, slots=True)
class NumberedMessage:
    """A message as its reader saw it; every value in subject and words is an ellipsis."""

    message_id: UUID
    template: str
    address: str
    status: MessageStatus
    created_at: datetime
    handed_over_at: datetime | None
    subject: str
    words: str


def numbered_messages(session: Session, typed: str) -> list[NumberedMessage] | None:
    """The messages with a number, mostly one; None when what was typed is no number."""
    ids = messages_numbered(typed)
    if ids is None:
        return None
    statement = select(Message).where(Message.id.between(*ids)).order_by(Message.id).limit(MOST)
    return [_numbered(message) for message in session.scalars(statement)]


def _numbered(message: Message) -> NumberedMessage:
    written = load(f"messages/{message.template}")
    words = written.get(message.language) or written[FALLBACK_LANGUAGE]
    return NumberedMessage(
        message_id=message.id,
        template=message.template,
        address=masked(message.to_address),
        status=MessageStatus(message.status),
        created_at=message.created_at,
        handed_over_at=message.handed_over_at,
        subject=VALUE.sub("…", words["subject"]),
        words=VALUE.sub("…", BUTTON.sub(r"[\1]", words["body"])).strip(),
    )
