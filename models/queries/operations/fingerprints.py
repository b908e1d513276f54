"""Fingerprints of all tables: how many rows, and a checksum over them that does not depend on their order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Two tables with the same fingerprint have the same rows."""

    rows: int
    checksum: str


def fingerprints(session: Session) -> dict[str, Fingerprint]:
    """The fingerprint of every table of the schema `public`, by its name."""
    return {name: _fingerprint(session, name) for name in table_names(session)}


def table_names(session: Session) -> list[str]:
    """Every table of the schema `public`."""
    statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    return list(session.execute(text(statement)).scalars())


def differing(ours: dict[str, Fingerprint], theirs: dict[str, Fingerprint]) -> list[str]:
    """The tables that are not the same, or are missing on one side."""
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def others_connected(session: Session) -> int:
    """How many connections this database has besides this one."""
    statement = """SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL"""
    return int(session.execute(text(statement)).scalar_one())


def export_snapshot(session: Session) -> str:
    """The name by which another connection can see the very same state, while this transaction lasts."""
    return str(session.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def _fingerprint(session: Session, table: str) -> Fingerprint:
    statement = f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM "{table}" t'  # noqa: S608  # names from the catalog
    rows, checksum = session.execute(text(statement)).one()
    return Fingerprint(rows, checksum)
