"""Pages by key: where a page begins, as a value and an id; never a number of rows to pass over."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNDATED = "none"


@dataclass(frozen=True, slots=True)
class Key:
    """The last row of the page before: its time (None where it has none) and its id."""

    at: datetime | None
    id: UUID

    def __str__(self) -> str:
        at = _UNDATED if self.at is None else str((self.at - _EPOCH) // timedelta(microseconds=1))
        return f"{at}.{self.id.hex}"


def parse_key(text: str) -> Key | None:
    """The key that an address names; None for anything that is no key."""
    at, _, hexadecimal = text.partition(".")
    try:
        moment = None if at == _UNDATED else _EPOCH + timedelta(microseconds=int(at[:20]))
        return Key(moment, UUID(hexadecimal))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class ListKey:
    """The last row of the page before, of any list: the text or the time that it was sorted by, and its id."""

    value: str | datetime
    id: UUID

    def __str__(self) -> str:
        if isinstance(self.value, datetime):
            return f"t{Key(self.value, self.id)}"
        return f"s{urlsafe_b64encode(self.value.encode()).decode().rstrip('=')}.{self.id.hex}"


def parse_list_key(text: str) -> ListKey | None:
    """The key that an address names; None for anything that is no key."""
    kind, (value, _, hexadecimal) = text[:1], text[1:].partition(".")
    if kind == "t":
        found = parse_key(text[1:])
        return ListKey(found.at, found.id) if found and found.at else None
    if kind != "s" or not value.isascii():
        return None
    try:
        words = b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True).decode()
        return None if "\0" in words else ListKey(words, UUID(hexadecimal))
    except ValueError:
        return None
