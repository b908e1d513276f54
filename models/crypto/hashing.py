"""Hashing and checking passwords with Argon2id (P26)."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from models.domain.identity.passwords import normalize_password, too_long_to_hash

FOR_STAFF = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1, type=Type.ID)
FOR_OTHERS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


def hash_password(password: str, *, state_staff: bool) -> str:
    """The hash to keep; raises ValueError above 1,024 bytes, before anything is hashed."""
    return _hasher(state_staff).hash(_hashable(password))


def check_password(password: str, stored: str | None) -> bool:
    """Whether it is the password; without a stored hash the same work is done and the answer is no.

    A refusal costs one hash of each kind, whoever it is about: so its time tells neither that an account
    exists nor that it is state staff's, also where the machine is too busy for pauses to cover it.
    """
    kept, hashable = stored or _nobodys_hash(), _hashable(password)
    try:
        FOR_OTHERS.verify(kept, hashable)
    except (VerificationError, InvalidHashError):
        _hasher(needs_rehash(kept, state_staff=True)).hash(hashable)
        return False
    return stored is not None


def needs_rehash(stored: str, *, state_staff: bool) -> bool:
    """Whether the hash was made with other parameters than today's, or is none at all."""
    try:
        return _hasher(state_staff).check_needs_rehash(stored)
    except InvalidHashError:
        return True


def _hasher(state_staff: bool) -> PasswordHasher:
    return FOR_STAFF if state_staff else FOR_OTHERS


def _hashable(password: str) -> str:
    if too_long_to_hash(password):
        raise ValueError("password above the limit of bytes")
    return normalize_password(password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return FOR_OTHERS.hash("nobody has this password")
