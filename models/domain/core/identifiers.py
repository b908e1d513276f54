"""The numbers and references that people read aloud: how they look, and how they come from random numbers."""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0, O, 1, I or L: they are mistaken for each other."""
REFERENCE_LENGTH = 6
PIN_LOW, PIN_COUNT = 100_000, 900_000

RandomBelow = Callable[[int], int]
"""A random whole number from 0 to the argument minus 1."""


def enrollment_reference(below: RandomBelow) -> str:
    """A reference such as ENR-7K3QX2. It is a name, not a secret."""
    return "ENR-" + "".join(ALPHABET[below(len(ALPHABET))] for _ in range(REFERENCE_LENGTH))


def provider_pin(below: RandomBelow) -> str:
    """A provider PIN: six digits, the first not 0 (help-desk code and CVRS name the location by it)."""
    return str(PIN_LOW + below(PIN_COUNT))
