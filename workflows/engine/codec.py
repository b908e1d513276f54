"""Sealing what Temporal stores: AES-GCM over every payload, with the id of its key. On in production."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from models.sealing import Vault

ENCODING = b"binary/sealed"


def key_id(secret: str) -> str:
    """Names a secret without giving it away."""
    return hashlib.sha256(b"cvms payload key" + secret.encode()).hexdigest()[:12]


class SealingCodec(PayloadCodec):
    """Seals with the first secret, opens with the one whose id the payload names.

    Raises `KeyError` for a payload sealed with a secret that this process does not have.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._vaults = {key_id(secret): Vault(secret) for secret in secrets}
        self._current = key_id(secrets[0])

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        metadata = {"encoding": ENCODING, "key": self._current.encode()}
        return Payload(metadata=metadata, data=self._vaults[self._current].seal(payload.SerializeToString()))

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        vault = self._vaults[payload.metadata["key"].decode()]
        return Payload.FromString(vault.open(payload.data))
