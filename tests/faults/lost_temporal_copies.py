"""Copies of an enrollment that lives: every row of it again, with ids of its own, as its process has left them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import md5
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from models.store.tasks import task_id_for

OF_PROCESS = "process_id IN (SELECT id FROM processes WHERE entity_id = :original)"
ROWS = {
    "organizations": "id IN (SELECT org_id FROM enrollments WHERE id = :original)",
    "locations": "org_id IN (SELECT org_id FROM enrollments WHERE id = :original)",
    "enrollments": "id = :original",
    "sections": "enrollment_id = :original",
    "signatures": "enrollment_id = :original",
    "processes": "entity_id = :original",
    "news": OF_PROCESS,
    "tasks": OF_PROCESS,
    "deadlines": OF_PROCESS,
}
"""The tables in the order in which their rows may come, and which rows of them are the original's."""
AT_ONCE = 200


def copy_living(owner: Engine, original: UUID, *, first: int, last: int) -> None:
    """Copies number `first` to `last`; every id of the original becomes one of the copy, wherever it stands."""
    with owner.begin() as connection:
        rows = {table: _rows(connection, table, where, original) for table, where in ROWS.items()}
        ids, keys = _ids(connection, original), _keys(connection, original)
        known = text("SELECT to_jsonb(row)::text FROM causes row WHERE cause_key ~ :known")
        rows["causes"] = list(connection.execute(known, {"known": "|".join(ids)}).scalars())
    for start in range(first, last + 1, AT_ONCE):
        numbers = range(start, min(last + 1, start + AT_ONCE))
        names = [_new_names(number, ids, keys) for number in numbers]
        with owner.begin() as connection:
            for table, originals in rows.items():
                _insert(connection, table, [_renamed(row, new) for new in names for row in originals])
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


def _rows(connection: Connection, table: str, where: str, original: UUID) -> list[str]:
    statement = text(f"SELECT to_jsonb(row)::text FROM {table} row WHERE {where}")
    return list(connection.execute(statement, {"original": original}).scalars())


def _ids(connection: Connection, original: UUID) -> list[str]:
    """Every id of the original but those of its tasks, which follow from their keys."""
    found = []
    for table in [name for name in ROWS if name not in ("news", "tasks")]:
        statement = text(f"SELECT id FROM {table} WHERE {ROWS[table]}")
        found += [str(each) for each in connection.execute(statement, {"original": original}).scalars()]
    return found


def _keys(connection: Connection, original: UUID) -> Mapping[str, str]:
    """The opening key of each task, and the reference and the causes of decisions, which no two rows may share."""
    tasks = text(f"SELECT id, opening_key, cause_key FROM tasks WHERE {OF_PROCESS}")
    keys = {}
    for row in connection.execute(tasks, {"original": original}):
        keys[str(row.id)] = row.opening_key
        if row.cause_key:
            keys[row.cause_key] = ""
    reference = text("SELECT reference FROM enrollments WHERE id = :original")
    keys[connection.execute(reference, {"original": original}).scalar_one()] = ""
    return keys


def _new_names(number: int, ids: list[str], keys: Mapping[str, str]) -> dict[str, str]:
    new = {each: str(UUID(md5(f"{each}/{number}".encode()).hexdigest())) for each in ids}
    own = {old: str(task_id_for(_renamed(key, new))) if key else f"{old}-{number}" for old, key in keys.items()}
    return new | own


def _renamed(row: str, new: Mapping[str, str]) -> str:
    return re.sub("|".join(map(re.escape, new)), lambda found: new[found[0]], row)


def _insert(connection: Connection, table: str, rows: list[str]) -> None:
    statement = f"""
        INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, made::jsonb)).*
        FROM unnest(cast(:rows AS text[])) AS made
    """
    connection.execute(text(statement), {"rows": rows})
