"""Whether two applications may be of one organization: by its name, its own email domain or its address."""

from __future__ import annotations

from models.domain.records.names import same_name
from models.domain.records.typed_text import clean_text

Place = tuple[str | None, str | None]
"""The street and the ZIP code of an address."""
_LEGAL_FORMS = frozenset({
    "inc", "incorporated", "llc", "pllc", "llp", "lp", "pa", "pc", "plc", "corp", "corporation", "co", "company",
    "ltd", "limited", "the",
})  # fmt: skip
_SHARED_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "aol.com", "outlook.com", "hotmail.com", "live.com",
    "msn.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "gmx.com", "mail.com", "zoho.com",
    "att.net", "bellsouth.net", "comcast.net", "charter.net", "spectrum.net", "verizon.net", "earthlink.net",
    "windstream.net", "centurylink.net", "frontier.com", "cox.net", "rr.com", "nc.rr.com", "carolina.rr.com",
})  # fmt: skip
"""Domains on which anybody has a mailbox, so that they say nothing of an organization."""


def same_organization(one: str, other: str) -> bool:
    """Whether two names may be one organization's: as `same_name`, without legal forms, and "&" is "and"."""
    mine, theirs = _plain(one), _plain(other)
    return bool(mine and theirs) and same_name(mine, theirs)


def own_domain(email: str) -> str | None:
    """The domain of an address where it is an organization's own; None where anybody has a mailbox on it."""
    domain = email.rpartition("@")[2].casefold()
    return None if not domain or domain in _SHARED_DOMAINS else domain


def same_address(one: Place, other: Place) -> bool:
    """Whether two addresses name one place: the same street in the same ZIP code."""
    (street, code), (other_street, other_code) = one, other
    if not (street and code and other_street and other_code):
        return False
    return code[:5] == other_code[:5] and same_name(street, other_street)


def _plain(name: str) -> str:
    words = clean_text(name).replace("&", " and ").replace(",", " ").split()
    kept = [word for word in words if word.casefold().replace(".", "") not in _LEGAL_FORMS]
    return " ".join(kept)
