"""What production insists on in the database itself: a role without power over what is final, and durable commits."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from models.running.settings import UnsafeSettings

PROTECTED = ("audit", "audit_seals", "decisions", "signatures", "grants")
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
NOT_DURABLE = frozenset({"off", "local"})


def insist_on_safe_database(engine: Engine) -> None:
    """Raise `UnsafeSettings` when the role could change audit trail or final facts, a commit could be lost, or nobody
    answers.
    """
    try:
        with engine.connect() as connection:
            problems = [*_powers(connection), *_gambles(connection)]
    except OperationalError:
        problems = ["the database cannot be reached, so nobody knows whether it is safe"]
    if problems:
        raise UnsafeSettings("; ".join(problems))


def _powers(connection: Connection) -> list[str]:
    asked = text("SELECT has_table_privilege(current_user, :table, 'UPDATE, DELETE, TRUNCATE')")
    return [
        f"the database role could change the table {table}"
        for table in PROTECTED
        if connection.execute(asked, {"table": table}).scalar_one()
    ]


def _gambles(connection: Connection) -> list[str]:
    values = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in DURABLE}
    return [f"PostgreSQL runs with {name}={value}" for name, value in values.items() if value in NOT_DURABLE]
