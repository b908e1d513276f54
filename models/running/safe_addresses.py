"""Whether an address of the settings is one and its connection is encrypted: parsed as its driver parses it."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = frozenset({"postgresql", "postgres"})
CHECKED_MODES = frozenset({"verify-full", "verify-ca"})
ENCRYPTED_MAIL = frozenset({"smtps", "smtp+starttls"})


def database_problem(url: str) -> str | None:
    """Why it is no address of a PostgreSQL database; None where it is one, or none is given."""
    if not url:
        return None
    try:
        driver = make_url(url).drivername.partition("+")[0]
    except (ArgumentError, ValueError):
        driver = ""
    return None if driver in DRIVERS else "must be postgresql://user:password@host/database"


def plain_database_problem(url: str) -> str | None:
    """Why others may read or answer on it: `sslmode` must stand there once, and check the server."""
    if problem := database_problem(url):
        return problem
    mode = make_url(url).query.get("sslmode") if url else None
    return None if isinstance(mode, str) and mode in CHECKED_MODES else "must ask for sslmode=verify-full"


def plain_public_problem(url: str) -> str | None:
    """Why it is no address that people can use safely: https, a host, and nothing else."""
    parts = _split(url)
    if parts is None or parts.scheme != "https" or not parts.hostname:
        return "must start with https:// and name a host"
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        return "must name a host and nothing more, as https://vaccines.example.gov"
    return None


def plain_mail_problem(url: str) -> str | None:
    """Why mail would be handed over in plain, or nowhere."""
    parts = _split(url)
    if parts is None or parts.scheme not in ENCRYPTED_MAIL or not parts.hostname:
        return "must start with smtps:// or smtp+starttls:// and name a host"
    return None


def _split(url: str) -> SplitResult | None:
    """Its parts, or None where it has none that make sense (a port that is no number, half an IPv6 address)."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts
