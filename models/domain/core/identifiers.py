"""The numbers and references that people read aloud: how they look, and how they come from random numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0, O, 1, I or L: they are mistaken for each other."""
REFERENCE_LENGTH = 6
PIN_LOW, PIN_COUNT = 100_000, 900_000

MESSAGE_NUMBER_LENGTH = 6
_IDS, _NUMBERS = 1 << 128, len(ALPHABET) ** MESSAGE_NUMBER_LENGTH

RandomBelow = Callable[[int], int]
"""A random whole number from 0 to the argument minus 1."""


def enrollment_reference(below: RandomBelow) -> str:
    """A reference such as ENR-7K3QX2. It is a name, not a secret."""
    return "ENR-" + "".join(ALPHABET[below(len(ALPHABET))] for _ in range(REFERENCE_LENGTH))


def provider_pin(below: RandomBelow) -> str:
    """A provider PIN: six digits, the first not 0 (help-desk code and CVRS name the location by it)."""
    return str(PIN_LOW + below(PIN_COUNT))


def message_number(message_id: UUID) -> str:
    """The short number at the end of a mail, such as 4F7K-2Q: the beginning of its random id, to be read aloud.

    It opens nothing, and among a million messages about 560 pairs share one, so a search may find two.
    """
    number = message_id.int * _NUMBERS // _IDS
    letters = "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(5, -1, -1))
    return f"{letters[:4]}-{letters[4:]}"


def messages_numbered(typed: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that have a number, however it was typed; None for what is no number."""
    letters = re.sub(r"[\s-]", "", typed).upper()
    if len(letters) != MESSAGE_NUMBER_LENGTH or not set(letters) <= set(ALPHABET):
        return None
    number = 0
    for letter in letters:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return UUID(int=-(-number * _IDS // _NUMBERS)), UUID(int=-(-(number + 1) * _IDS // _NUMBERS) - 1)
