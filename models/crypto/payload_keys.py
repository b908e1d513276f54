"""The keys that seal what Temporal stores: how a list of them is written in the settings."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

KEY_BYTES = 32
"""AES-256."""
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True, slots=True)
class PayloadKey:
    """A key and the id that payloads name it by; the id is public, the secret is never shown."""

    id: str
    secret: bytes = field(repr=False)


def parse_payload_keys(listed: str) -> tuple[PayloadKey, ...]:
    """Keys from `id:base64,id2:base64`; the first seals, all of them open.

    Raises `ValueError`, which never quotes a secret, for a bad id, a bad or short secret and an id that stands twice.
    """
    keys = tuple(_parse(entry.strip()) for entry in listed.split(",") if entry.strip())
    if len({key.id for key in keys}) < len(keys):
        raise ValueError("an id stands twice")
    return keys


def _parse(entry: str) -> PayloadKey:
    key_id, _, encoded = entry.partition(":")
    if not KEY_ID.fullmatch(key_id) or not encoded:
        raise ValueError("write id:base64, ids from letters, digits, dots and hyphens")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"the key {key_id} is not base64") from None
    if len(secret) != KEY_BYTES:
        raise ValueError(f"the key {key_id} must have {KEY_BYTES} bytes, it has {len(secret)}")
    return PayloadKey(key_id, secret)
