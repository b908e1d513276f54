"""Sealing what Temporal stores: AES-256-GCM over every payload, with the id of its key. Production insists on it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from models.crypto.payload_keys import PayloadKey

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
NONCE_BYTES = 12


class PayloadRefused(Exception):
    """A payload that this worker must not or cannot open; the message says what to do and quotes no content."""


class SealingCodec(PayloadCodec):
    """Seals with the first key, opens with the one whose id the payload names.

    Refuses a payload that is not sealed: whoever could write one past the codec could make a process do things.
    The id of the key is authenticated with the content.
    """

    def __init__(self, keys: Sequence[PayloadKey]) -> None:
        self._ciphers = {key.id: AESGCM(key.secret) for key in keys}
        self._current = keys[0].id

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce, key_id = os.urandom(NONCE_BYTES), self._current.encode()
        sealed = self._ciphers[self._current].encrypt(nonce, payload.SerializeToString(), key_id)
        return Payload(metadata={"encoding": ENCODING, KEY_ID: key_id}, data=nonce + sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            raise PayloadRefused("a payload in Temporal is not sealed, although this worker has keys")
        key_id = payload.metadata.get(KEY_ID, b"")
        cipher = self._ciphers.get(key_id.decode(errors="replace"))
        if cipher is None:
            raise PayloadRefused(
                f"CVMS_PAYLOAD_KEYS lacks the key {_shown(key_id)}, which sealed a payload in Temporal"
            )
        try:
            return Payload.FromString(cipher.decrypt(payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:], key_id))
        except InvalidTag:
            raise PayloadRefused(
                f"the key {_shown(key_id)} does not fit: it is another secret, or changed content"
            ) from None


def _shown(key_id: bytes) -> str:
    return repr(key_id[:40].decode(errors="replace"))
