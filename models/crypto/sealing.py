"""Sealing small secrets for rest in the database, and the tokens that stand in links."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
SEALED = "sealed:"
TOKEN_BYTES = 32
"""256 bits, promise P28."""


class Vault:
    """Seals bytes with AES-256-GCM under a key derived (HKDF-SHA256) from the installation's secret."""

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"cvms sealed values").derive(secret_key.encode())
        self._cipher = AESGCM(derived)
        self._tags = HKDF(SHA256(), 32, salt=None, info=b"cvms tags").derive(secret_key.encode())

    def seal(self, plain: bytes) -> bytes:
        """Nonce and ciphertext; different each time."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """The plain bytes; raises `cryptography.exceptions.InvalidTag` when the key or the bytes are wrong."""
        return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)

    def tag(self, text: str) -> str:
        """What only this installation can make of a text (HMAC-SHA256 in hex): always the same, tells nothing of it."""
        return hmac.new(self._tags, text.encode(), hashlib.sha256).hexdigest()


def seal_text(plain: str) -> str:
    """A text sealed by this process's vault, as text again: it begins with `sealed:`."""
    return SEALED + urlsafe_b64encode(vault().seal(plain.encode())).decode()


def open_text(kept: str) -> str:
    """The plain text of `seal_text`; a text that was never sealed is returned as it is."""
    if not kept.startswith(SEALED):
        return kept
    return vault().open(urlsafe_b64decode(kept.removeprefix(SEALED))).decode()


def new_token() -> str:
    """A token for a link: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """What the database keeps of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token_of(sid_hash: str) -> str:
    """What the forms of a session carry against forged ones; made of the session, so it can be told which it was."""
    return vault().tag(f"forms of session {sid_hash}")


_vaults: list[Vault] = []


def use_secret(secret_key: str) -> None:
    """Choose the secret of this process; called once by each entry point."""
    _vaults[:] = [Vault(secret_key)]


def vault() -> Vault:
    """The vault of this process; raises `LookupError` when no entry point has chosen a secret."""
    if not _vaults:
        raise LookupError("no secret was chosen: call use_secret first")
    return _vaults[0]
