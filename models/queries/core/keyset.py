"""Pages by key: where a page begins, as a time and an id; never a number of rows to pass over."""

from __future__ import annotations

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
