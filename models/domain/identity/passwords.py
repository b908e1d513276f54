"""What makes a password acceptable (P25). Hashing stands in models/crypto/hashing.py."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models.domain.core.violations import RuleViolation

MINIMUM_ALONE = 15
MINIMUM_WITH_SECOND_FACTOR = 12
MAXIMUM_CHARACTERS = 128
MAXIMUM_BYTES = 1024
"""Nothing longer is ever hashed."""
OWN_CHARACTERS = 8
"""So many characters must be left when the words anybody would guess are taken away."""
SHORTEST_CONTEXT_WORD = 4
DIGITS_AND_SIGNS = string.digits + string.punctuation + " "
PROGRAM_WORDS = ("vac2021", "ncdhhs", "dhhs", "cvms", "covid", "vaccine", "northcarolina")
"""Words of this programme that a guesser tries first."""


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The blocklist: 30,000 passwords by how often they leaked, and 60,000 English words and US names.

    They come with the library zxcvbn 4.5 (MIT license, github.com/dwolfhub/zxcvbn-python), so no list
    is kept here and an update of the library updates them.
    """
    return frozenset(word for words in FREQUENCY_LISTS.values() for word in words)


def minimum_length(*, second_factor: bool) -> int:
    """15 characters where the password stands alone, 12 beside a second factor."""
    return MINIMUM_WITH_SECOND_FACTOR if second_factor else MINIMUM_ALONE


def normalize_password(typed: str) -> str:
    """The same characters in one form (NFC), nothing cut, no space removed."""
    return unicodedata.normalize("NFC", typed)


def too_long_to_hash(typed: str) -> bool:
    """Whether it is so long that it is refused unread."""
    return len(typed.encode("utf-8", "surrogatepass")) > MAXIMUM_BYTES


def assess_password(
    password: str,
    *,
    second_factor: bool,
    context: Iterable[str] = (),
    common: Collection[str] | None = None,
    field: str = "password",
) -> None:
    """Refuse a new password that breaks a rule of P25.

    | rule                                                             | code                |
    |------------------------------------------------------------------|---------------------|
    | 15 characters or more, 12 with a second factor                   | password_too_short  |
    | 128 characters or fewer, and 1,024 bytes or fewer                | password_too_long   |
    | not one piece said again and again                               | password_repeats    |
    | not a common password or word, also with digits or signs around  | password_common     |
    | not made of the programme's, the person's and the organization's | password_context    |
    | words alone                                                      |                     |

    No rule asks for digits, capitals or signs.
    """
    password = normalize_password(password)
    least = minimum_length(second_factor=second_factor)
    if len(password) < least:
        raise RuleViolation("password_too_short", f"Use {least} characters or more.", field, least=least)
    if len(password) > MAXIMUM_CHARACTERS or too_long_to_hash(password):
        most = MAXIMUM_CHARACTERS
        raise RuleViolation("password_too_long", f"Use {most} characters or fewer.", field, most=most)
    core = _folded(password)
    if _repeats(core) or _repeats(_without_ends(core)):
        raise RuleViolation("password_repeats", "Don't repeat the same part.", field)
    if _is_common(core, common_words() if common is None else common):
        raise RuleViolation("password_common", "Many people use this password. Choose another one.", field)
    if _is_context(core, context):
        raise RuleViolation("password_context", "Don't use your name or the program's name in it.", field)


def _folded(text: str) -> str:
    """How a guesser sees it: capitals, full-width letters and accents make no difference. Never hashed."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _without_ends(core: str) -> str:
    """What stands between the digits and signs at both ends, when it is most of the password."""
    middle = core.strip(DIGITS_AND_SIGNS)
    return _bare(middle) if len(middle) > len(core) // 2 else ""


def _repeats(core: str) -> bool:
    periods = range(1, len(core) // 2 + 1)
    return any((core[:period] * (len(core) // period + 1))[: len(core)] == core for period in periods)


def _is_common(core: str, common: Collection[str]) -> bool:
    letters = core.strip(DIGITS_AND_SIGNS)
    return core in common or _bare(core) in common or (bool(letters) and letters in common) or core.isdigit()


def _is_context(core: str, context: Iterable[str]) -> bool:
    rest, found = _bare(core), False
    for word in sorted(_context_words(context), key=len, reverse=True):
        found = found or word in rest
        rest = rest.replace(word, "")
    return found and len(rest) < OWN_CHARACTERS


def _context_words(context: Iterable[str]) -> set[str]:
    words = {_bare(_folded(word)) for phrase in context for word in (phrase, *phrase.replace("@", " ").split())}
    return {word for word in words if len(word) >= SHORTEST_CONTEXT_WORD} | set(PROGRAM_WORDS)


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
