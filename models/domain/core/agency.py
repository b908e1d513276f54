"""Whose site this is: the state, the agency, and where people reach it. What pages and mails say of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

FALLBACK_LANGUAGE = "en"
OWN_PAGE = re.compile(r"/(?![/\\])[^\s\\]*")
OWN_PRIVACY, OWN_ACCESSIBILITY = "/privacy", "/accessibility"

Names = Mapping[str, str]
"""A name by language."""


@dataclass(frozen=True, slots=True)
class HelpLineHours:
    """From one weekday to another (Monday is 0), from when to when, in the state's own time."""

    first_day: int
    last_day: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Agency:
    """What the settings say of the agency. `option`, `email` may be empty: then nothing is said of them."""

    state: Names
    name: Names
    sender: Names
    phone: str
    option: str
    hours: tuple[HelpLineHours, ...]
    email: str
    privacy: str
    accessibility: str

    @property
    def phone_href(self) -> str:
        """The number as a telephone dials it, as `tel:+19195550142`."""
        digits = re.sub(r"\D", "", self.phone)
        return f"tel:+{digits if len(digits) > 10 else '1' + digits}"


def in_language(names: Names, language: str) -> str:
    """A name in a language, in English where nobody wrote it."""
    return names.get(language) or names[FALLBACK_LANGUAGE]


def statement_address(address: str, own: str) -> str:
    """Where a statement stands: a page of ours or an https address of the agency's; `own` where it is neither."""
    return address if OWN_PAGE.fullmatch(address) or address.startswith("https://") else own
