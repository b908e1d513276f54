"""People's names: only what the product must do with them, since nobody can say what a name looks like."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from models.domain.records.typed_text import clean_text

Word = frozenset[str]
"""The plain spellings of one word of a name: one, or two where a letter is written plain in two ways."""

_APOSTROPHES = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u05f4"
    "\u2018\u2019\u201b\u2032\u2035\ua78b\ua78c\uff07"
)
_SILENT = str.maketrans("", "", f"{_APOSTROPHES}.\u00b7\u2027\u200c\u200d")
"""Written or not, the name is the same; the Catalan middle dot too, and the joiners of other scripts."""
_APART = str.maketrans(dict.fromkeys("\u2212\u2043\u30fb\uff65,;/\u058a", " "))
"""Where words part, besides dashes and spaces."""
_PLAIN = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ȷ": "j", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŧ": "t",
    "ŋ": "n", "ĸ": "k", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ƴ": "y", "ɨ": "i",
    "ŀ": "l", "ƶ": "z", "ɣ": "g", "ʉ": "u", "ƒ": "f", "ɲ": "n", "ƀ": "b", "ꜳ": "aa", "ꞑ": "n",
})  # fmt: skip
_LONG = str.maketrans({"ø": "oe", "ö": "oe", "ä": "ae", "ü": "ue", "å": "aa", "đ": "dj", "ð": "dh", "þ": "th"})
"""How passports and keyboards without these letters write them."""
_KEPT_MARKS = frozenset({7, 8, 9})
"""Combining classes of marks that make another letter: nukta, the voicing marks of kana, virama."""


def split_name(name: str) -> tuple[str, str]:
    """A first guess at first and last names, which their owner then corrects; one word is a last name."""
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: every comparison of names asks here.

    | written differently                                      | same name |
    |----------------------------------------------------------|-----------|
    | case, accents, spaces, invisible characters              | yes       |
    | any apostrophe or none: O'Brien, O’Brien, OBrien         | yes       |
    | a dash or a space: Garcia-Lopez, Garcia Lopez            | yes       |
    | ø ł đ ı æ ß þ ñ and their plain letters: Søren, Soren    | yes       |
    | ö ä ü ø å đ spelled out: Müller, Mueller                 | yes       |
    | words joined: De la Cruz, Delacruz                       | yes       |
    | another letter, another word, a word more, another order | no        |
    """
    return _alike(_words(one), _words(other))


def holds_name(typed: str, name: str) -> bool:
    """Whether what was typed holds a name: all its words, in any order, among others such as a title.

    Initials may be left out, as long as the name has longer words.
    """
    words, given = _words(name), _words(typed)
    needed = [word for word in words if not _is_initial(word)] or words
    return _alike(given, words) or _alike(given, needed) or _within(needed, given)


def _words(name: str) -> list[Word]:
    """The words of a name, each with its plain spellings."""
    text = clean_text(name).translate(_SILENT).translate(_APART)
    parted = "".join(" " if unicodedata.category(one) == "Pd" else one for one in text)
    return [frozenset({_folded(word, _PLAIN), _folded(word, _LONG)}) for word in parted.split()]


def _folded(word: str, letters: dict[int, str | None] | dict[int, str]) -> str:
    """A word without case, accents and letters of its own alphabet."""
    cased = unicodedata.normalize("NFC", word.casefold().replace("i\u0307", "i")).translate(letters)
    apart = unicodedata.normalize("NFKD", cased).casefold()
    plain = "".join(one for one in apart if unicodedata.combining(one) in _KEPT_MARKS or not _is_accent(one))
    return plain.translate(_PLAIN).translate(_SILENT)


def _is_accent(one: str) -> bool:
    return unicodedata.combining(one) > 0


def _alike(one: Sequence[Word], other: Sequence[Word]) -> bool:
    if not one or not other:
        return False
    if len(one) == len(other) and all(mine & theirs for mine, theirs in zip(one, other, strict=True)):
        return True
    return bool(_joined(one) & _joined(other))


def _joined(words: Iterable[Word]) -> Word:
    """The name as one word: all its words spelled short, or all of them long."""
    return frozenset({"".join(min(word, key=len) for word in words), "".join(max(word, key=len) for word in words)})


def _within(needed: Sequence[Word], given: Sequence[Word]) -> bool:
    """Whether every word of a name was given, a word that it holds twice twice."""
    left = list(given)
    for word in sorted(needed, key=len):
        found = next((one for one in left if one & word), None)
        if found is None:
            return False
        left.remove(found)
    return bool(needed)


def _is_initial(word: Word) -> bool:
    """One letter of an alphabet that has capitals; a single sign of another script is a whole name."""
    return all(len(spelling) == 1 and spelling.upper() != spelling for spelling in word)
