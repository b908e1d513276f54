"""Masses of everything that grows: each row that a test's story wrote, many times over, under other ids.

An id becomes the same other id wherever it stands, so the copies belong together as the rows did.
"""

from __future__ import annotations

from sqlalchemy import Engine, text

GROWING = text("""
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('alembic_version', 'program_settings', 'clock_shift', 'censuses', 'worker_heartbeats',
        'entity_types', 'process_event_kinds', 'task_kinds', 'deadline_kinds', 'link_purposes', 'teams',
        'process_kinds', 'process_states', 'task_outcomes')
ORDER BY relname
""")
"""Tables that grow with the work; the others hold settings, declarations, or a row for each part that runs."""
FRESH = text(r"""
SELECT attname,
    CASE WHEN atttypid = 'uuid'::regtype THEN 'md5(%1$s::text || n)::uuid'
         WHEN atttypid = 'bigint'::regtype THEN '%1$s + n * 1000000'
         ELSE '%1$s || ''/'' || n' END AS made
FROM pg_attribute WHERE attrelid = cast(:name AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    AND (atttypid = 'uuid'::regtype OR attname LIKE '%\_hash' OR (
        atttypid IN ('bigint'::regtype, 'text'::regtype) AND attnum IN (
        SELECT unnest(indkey) FROM pg_index i WHERE indrelid = cast(:name AS regclass) AND indisunique
            AND NOT EXISTS (SELECT FROM pg_attribute u WHERE u.attrelid = i.indrelid AND u.attnum = ANY (i.indkey)
                            AND u.atttypid = 'uuid'::regtype))))
""")
"""The columns that make a row another row: all ids and hashes, and whatever is unique without one."""


def multiply(owner: Engine, *, rows: int, besides: frozenset[str] = frozenset()) -> dict[str, int]:
    """Fill every table that grows with about so many rows, and tell the planner; how many there are then.

    Raises `LookupError` naming tables in which there is nothing to copy, unless they are named in `besides`.
    """
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        tables = list(connection.scalars(GROWING))
        seen = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}
        nothing = {table for table, count in seen.items() if not count}
        if nothing != besides:
            raise LookupError(f"nothing to copy in {sorted(nothing)}, expected in {sorted(besides)}")
        for table in set(tables) - nothing:
            _copy(connection, table, -(-rows // seen[table]))
        sizes = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return sizes


def _copy(connection, table: str, times: int) -> None:
    made = {name: how.replace("%1$s", f"t.{name}") for name, how in connection.execute(FRESH, {"name": table})}
    columns = connection.scalars(
        text("""SELECT attname FROM pg_attribute WHERE attrelid = cast(:name AS regclass) AND attnum > 0
                AND NOT attisdropped AND attgenerated = ''"""),
        {"name": table},
    )
    names = list(columns)
    values = ", ".join(made.get(name, f"t.{name}") for name in names)
    connection.execute(
        text(
            f"INSERT INTO {table} ({', '.join(names)}) OVERRIDING SYSTEM VALUE "
            f"SELECT {values} FROM {table} t CROSS JOIN generate_series(1, {times}) n ON CONFLICT DO NOTHING"
        )
    )
