"""Text as people send it in, made clean once: by forms, by the command line, by files, by every entry there is."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

ZWNJ, ZWJ = "\u200c", "\u200d"
VIRAMA = 9
"""The combining class of the sign that joins consonants in the scripts of India and its neighbors."""
JOINED = (
    (0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1700, 0x18AF), (0x1900, 0x1AAF), (0x1B00, 0x1C4F),
    (0x1CD0, 0x1CFF), (0xA800, 0xA8FF), (0xA980, 0xA9FF), (0xAA00, 0xAAFF), (0xABC0, 0xABFF), (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFE), (0x10A00, 0x10A5F), (0x10AC0, 0x10AFF), (0x10D00, 0x10FFF), (0x11000, 0x11FFF),
    (0x1E900, 0x1E95F),
)  # fmt: skip
"""Where words need the two joiners: Arabic and its kin, the scripts of India, and those that come from them."""
VISIBLE = frozenset(map(chr, (*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD)))
"""Signs of the category of format characters that are written all the same (Prepended_Concatenation_Mark)."""
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0")
"""Seen as nothing though they count as letters, marks or signs."""
_FROM, _TO = [first for first, _ in JOINED], [last for _, last in JOINED]


def clean_text(typed: str) -> str:
    """What was typed in its one spelling: NFC, plain spaces and line ends, nothing that cannot be seen.

    | what                                                   | becomes                              |
    |--------------------------------------------------------|--------------------------------------|
    | zero-width and bidi characters, BOM, soft hyphen, tags | nothing                              |
    | the joiners U+200C and U+200D                          | kept within a word whose script joins |
    | variation selectors                                    | kept after what they vary             |
    | no-break, thin and other spaces, U+2028, U+2029        | a space                              |
    | CR LF                                                  | a line feed                          |
    | spaces around                                          | nothing                              |

    Control characters stay, so that forms can refuse them. Passwords are not text in this sense.
    """
    kept = unicodedata.normalize("NFC", "".join(_seen(typed.replace("\r\n", "\n"))))
    return "".join(" " if unicodedata.category(one)[0] == "Z" else one for one in kept).strip()


def _seen(text: str) -> list[str]:
    """The characters that are seen, or that change how their neighbors are."""
    seen: list[str] = []
    for place, one in enumerate(text):
        before = seen[-1] if seen else ""
        if one in (ZWNJ, ZWJ):
            after = text[place + 1 : place + 2]
            keep = _joins(one, before, after)
        elif _is_selector(one):
            keep = _varies(one, before)
        else:
            keep = one not in FILLERS and (unicodedata.category(one) != "Cf" or one in VISIBLE)
        if keep:
            seen.append(one)
    return seen


def _joins(joiner: str, before: str, after: str) -> bool:
    """Whether a joiner stands where writing needs one."""
    if _in_joined_script(before):
        return _in_joined_script(after) or unicodedata.combining(before) == VIRAMA
    return joiner == ZWJ and _is_picture(before) and _is_picture(after)


def _in_joined_script(one: str) -> bool:
    if not one or unicodedata.category(one)[0] not in "LM":
        return False
    place = bisect_right(_FROM, ord(one)) - 1
    return place >= 0 and ord(one) <= _TO[place]


def _is_selector(one: str) -> bool:
    return "\ufe00" <= one <= "\ufe0f" or "\U000e0100" <= one <= "\U000e01ef" or one in "\u180b\u180c\u180d\u180f"


def _varies(selector: str, before: str) -> bool:
    """Whether a selector follows what it can vary: a Han or Mongolian letter, or a picture."""
    if not before:
        return False
    if selector in "\u180b\u180c\u180d\u180f":
        return "\u1820" <= before <= "\u18aa"
    if selector >= "\ufe0e" and selector <= "\ufe0f":
        return _is_picture(before)
    return unicodedata.category(before) == "Lo" and unicodedata.name(before, "").startswith("CJK ")


def _is_picture(one: str) -> bool:
    """Whether a character is an emoji or a sign shown as one, with its selector or its color of skin."""
    return bool(one) and (one == "\ufe0f" or unicodedata.category(one) == "So" or "\U0001f3fb" <= one <= "\U0001f3ff")
