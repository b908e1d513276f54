"""Hashing and checking passwords with Argon2id (P26).

The two hashers stand in `PRODUCTION`; tests that are not about hashing choose cheaper ones with `use_hashers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from models.crypto.hash_slots import FOR_OWNERS
from models.domain.identity.passwords import normalize_password, too_long_to_hash


@dataclass(frozen=True)
class Hashers:
    """What a hash costs: one set of parameters for state staff, one for everybody else."""

    staff: PasswordHasher
    others: PasswordHasher

    def of(self, state_staff: bool) -> PasswordHasher:
        return self.staff if state_staff else self.others

    @cached_property
    def nobodys_hash(self) -> str:
        """What is verified where there is no stored hash."""
        return self.others.hash("nobody has this password")


PRODUCTION = Hashers(
    staff=PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1, type=Type.ID),
    others=PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID),
)
_chosen: list[Hashers] = [PRODUCTION]


def use_hashers(hashers: Hashers) -> None:
    """Choose what hashes cost in this process; nothing but tests calls it (tests/architecture/test_hashing.py)."""
    _chosen[:] = [hashers]


def hash_password(password: str, *, state_staff: bool) -> str:
    """The hash to keep; raises ValueError above 1,024 bytes, before anything is hashed, and `Braked` when all slots
    of the machine are taken for long.
    """
    typed = _hashable(password)
    with FOR_OWNERS.taken():
        return _chosen[0].of(state_staff).hash(typed)


def check_password(password: str, stored: str | None) -> bool:
    """Whether it is the password; without a stored hash the same work is done and the answer is no.

    A refusal costs one hash of each kind, whoever it is about: so its time tells neither that an account
    exists nor that it is state staff's, also where the machine is too busy for pauses to cover it. Whoever calls
    holds a slot (`models/crypto/hash_slots.py`).
    """
    hashers = _chosen[0]
    kept, hashable = stored or hashers.nobodys_hash, _hashable(password)
    try:
        hashers.others.verify(kept, hashable)
    except (VerificationError, InvalidHashError):
        hashers.of(needs_rehash(kept, state_staff=True)).hash(hashable)
        return False
    return stored is not None


def needs_rehash(stored: str, *, state_staff: bool) -> bool:
    """Whether the hash was made with other parameters than today's, or is none at all."""
    try:
        return _chosen[0].of(state_staff).check_needs_rehash(stored)
    except InvalidHashError:
        return True


def _hashable(password: str) -> str:
    if too_long_to_hash(password):
        raise ValueError("password above the limit of bytes")
    return normalize_password(password)
