"""What a page says in the language of its reader, from the very catalog that the pages use."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

CATALOGS = Path(__file__).resolve().parents[2] / "webapp" / "translations"
SAME = {"Home", "CVMS"}


def say(language: str, text: str) -> str:
    """A text in a language; fails where nobody has translated it."""
    if language == "en":
        return text
    found = _catalog(language).gettext(text)
    assert found != text or text in SAME, f"{text!r} has no translation into {language!r}"
    return found


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", CATALOGS, [language])
