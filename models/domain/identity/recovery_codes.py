"""Recovery codes: ten words of chance that stand in for a lost phone, each used once."""

from __future__ import annotations

CODES = 10
CODE_BYTES = 10
"""80 bits of chance each: nobody can guess one, nor try all behind a stolen hash."""
FEW = 3
"""From here on the owner is asked to make new ones."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter can be taken for a digit or for another letter."""
LENGTH = 16
GROUP = 4
TAKEN_FOR = str.maketrans("ILO", "110", " -")


def spell_code(chance: bytes) -> str:
    """Ten random bytes as sixteen characters."""
    number = int.from_bytes(chance, "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def grouped(code: str) -> str:
    """The code in groups of four, for reading and typing it."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def clean_recovery_code(typed: str) -> str | None:
    """The code as it was spelled, small letters, spaces and dashes forgiven; None for what can be no code."""
    code = typed.upper().translate(TAKEN_FOR)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def are_few(left: int) -> bool:
    """Whether it is time to make new ones."""
    return left <= FEW
