"""How pages and mails speak English: phrases that nobody says "
"at a counter stand nowhere. `make words` runs it alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pytest

from tests.architecture.strings import mails, shown
from tests.architecture.tree import report

BANNED: Mapping[str, str] = {
    r"\be-mails?\b": "email",
    r"\bGo on\b|\bgo on to\b": "Continue",
    r"[Ii]n your hands|[Ii]n whose hands": "Your turn, Who has it",
    r"\bneed not\b": "don't need to",
    r"\b[Ss]omebody\b|\b[Ee]verybody\b|\b[Aa]nybody\b": "someone, everyone, anyone",
    r"\bhe or she\b|\bhis or her\b": "they, or name the role",
    r"\bany more\b": "anymore",
    r"at hand\b": "What you'll need",
    r"How it goes|how it goes": "How it works",
    r"^Enter: ": "say what to enter and how",
    r"\bWaits for\b": "Waiting for",
    r"leans? on": "Services",
    r"working days?": "business days",
    r"[Yy]ou have our answer": "You'll hear from us by",
    r"\banew\b": "again",
    r"put right": "fixed, corrected",
    r"\bmeanwhile\b": "say what happened since",
    r"looks? after\b": "in charge of",
    r"handed over": "sent, delivered",
    r"\bTick the box": "Check the box",
    r"\bfresh link": "new link",
    r"\b[Bb]egin(?:s|ning)? (?:an?|the|your|from|new) ": "start",
    r"\bmust somebody|somebody must": "someone needs to",
    r"(?:one|link) is on its way(?!,)": "We sent",
    r"\bfor good\b": "permanently",
    r"\bas it stands\b": "exactly like this",
    r"  ": "one space",
}
"""What is not said, with what is said instead; it grows with every finding."""


def unplain(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Each phrase that is banned, with where it stands and what to say."""
    return [
        f"{place}: “{found.group(0)}” in “{text.strip()[:70]}”: {instead}"
        for place, text in texts
        for pattern, instead in BANNED.items()
        for found in re.finditer(pattern, text)
    ]


def of_mails() -> list[tuple[str, str]]:
    return [
        (f"mail {name}", str(mail["en"][part]))
        for name, mail in mails().items()
        for part in ("subject", "body", "footer")
        if part in mail["en"]
    ]


def test_pages_speak_plain_english():
    texts = [(one.path, form) for one in shown() for form in one.forms]
    assert len(texts) > 500
    faults = unplain(texts)
    assert not faults, report(faults, "Read it out loud, and write what a good public servant would say.")


def test_mails_speak_plain_english():
    assert len(of_mails()) > 60
    faults = unplain(of_mails())
    assert not faults, report(faults, "Read it out loud, and write what a good public servant would say.")


@pytest.mark.parametrize("text", ["Go on", "Send an e-mail", "Somebody waits for you", "You need not do anything more"])
def test_a_phrase_that_nobody_says_is_noticed(text: str):
    assert unplain([("page", text)])


@pytest.mark.parametrize("text", ["Continue", "Send an email", "Waiting for signature", "Let's go online"])
def test_what_people_say_is_let_be(text: str):
    assert unplain([("page", text)]) == []
