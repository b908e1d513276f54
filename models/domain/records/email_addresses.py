"""Email addresses in their one spelling."""

from __future__ import annotations

import unicodedata

import idna

from models.domain.core.violations import RuleViolation
from models.domain.records.typed_text import clean_text

LONGEST_EMAIL = 254
"""RFC 5321 allows a path of 256 characters with its angle brackets."""
LONGEST_LOCAL_PART = 64
ALLOWED_IN_ATOM = frozenset("!#$%&'*+/=?^_`{|}~-.")


def normalize_email(typed: str) -> str:
    """The one spelling of an address: NFKC, lower case, without spaces around, the domain in ASCII (IDNA).

    Raises `email_invalid` for what cannot be an address. Quoted local parts and IP literals are refused:
    no person has one, and they hide line ends and second addresses. So is a local part beyond ASCII,
    which most mail servers do not take.
    """
    text = loose_email(typed)
    local, at, domain = text.rpartition("@")
    if not at or not _is_local_part(local):
        raise _invalid()
    normalized = f"{local}@{_ascii_domain(domain)}"
    if len(normalized) > LONGEST_EMAIL:
        raise _invalid()
    return normalized


def loose_email(typed: str) -> str:
    """What was typed as an address in one spelling, whether it is an address or not."""
    return unicodedata.normalize("NFKC", clean_text(typed)).strip().lower()


def _is_local_part(local: str) -> bool:
    if not 0 < len(local) <= LONGEST_LOCAL_PART or local[0] == "." or local[-1] == "." or ".." in local:
        return False
    return local.isascii() and all(character.isalnum() or character in ALLOWED_IN_ATOM for character in local)


def _ascii_domain(domain: str) -> str:
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise _invalid() from None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(labels):
        raise _invalid()
    return ascii_domain


def _invalid() -> RuleViolation:
    return RuleViolation("email_invalid", "Enter an email address like name@example.org.", "email")
