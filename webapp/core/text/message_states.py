"""The one table of the states of a message: what each is called, for applicants' history and for the system page."""

from __future__ import annotations

from collections.abc import Mapping

from models.domain.core.mail.messages import MessageStatus
from webapp.core.text.lazy_text import lazy_text as _l

Words = tuple[str, str]
"""What stands within a sentence, and what stands alone as a tag."""

MESSAGE_STATES: Mapping[MessageStatus, Words] = {
    MessageStatus.WAITING: (_l("waiting to be sent"), _l("Waiting")),
    MessageStatus.SENDING: (_l("being sent"), _l("Waiting")),
    MessageStatus.HELD: (_l("held after a restore"), _l("Held")),
    MessageStatus.SENT: (_l("sent"), _l("Sent")),
    MessageStatus.UNDELIVERABLE: (_l("couldn't be delivered"), _l("Given up")),
}
_TONES: Mapping[str, str] = {MessageStatus.HELD: "todo", MessageStatus.UNDELIVERABLE: "bad", MessageStatus.SENT: "good"}


def state_in_words(status: str) -> str:
    """A state within a sentence; one that this version does not know, by its name."""
    return _words(status)[0]


def state_tag(status: str) -> str:
    """A state as it stands alone; one that this version does not know, by its name."""
    return _words(status)[1]


def state_tone(status: str) -> str:
    """The tone of the tag of a state."""
    return _TONES.get(status, "waiting")


def _words(status: str) -> tuple[str, str]:
    known = MESSAGE_STATES.get(status)  # type: ignore[call-overload]
    return (str(known[0]), str(known[1])) if known else (status, status)
