"""The seal of the audit trail: a hash chain over rows that never change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

GENESIS = "0" * 64
"""The previous hash of the first seal of a chain."""


def canonical(row: Mapping[str, object]) -> bytes:
    """One spelling of an audit row: JSON with sorted keys, times in ISO 8601, everything else as text."""
    plain = {key: _plain(value) for key, value in row.items()}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str | dict | list):
        return value
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)


def seal(previous: str, row: Mapping[str, object]) -> str:
    """The hash that seals `row` behind `previous`: sha256(previous hash, then the canonical row), in hex."""
    return hashlib.sha256(previous.encode() + canonical(row)).hexdigest()
