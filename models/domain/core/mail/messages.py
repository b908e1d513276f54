"""Messages to people: where one can stand."""

from __future__ import annotations

from enum import StrEnum


class MessageStatus(StrEnum):
    """Where a message stands; a held one waits for a person's word before it is sent."""

    WAITING = "waiting"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
