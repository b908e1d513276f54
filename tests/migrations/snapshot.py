"""Writes the rows of an enrollment in approval as SQL: `python -m tests.migrations.snapshot > rows_at_0007.sql`.

Run it on the version whose rows are wanted; a file that is there stays as it is, since that version wrote it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sqlalchemy import Connection, text

from models.crypto.sealing import use_secret
from tests.database import KEPT_TABLES, clone_database, run_server
from tests.enrollment_story import EnrollmentStory
from tests.site import SECRET

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
COLUMNS = """SELECT column_name FROM information_schema.columns
              WHERE table_schema = 'public' AND table_name = :of_table ORDER BY ordinal_position"""


def statements(connection: Connection) -> Iterator[str]:
    """One INSERT for each row of every table that has any."""
    tables = connection.execute(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    ).scalars()
    for table in [name for name in tables if name not in KEPT_TABLES]:
        asked = text(
            "SELECT attname FROM pg_attribute WHERE attrelid = cast(:t AS regclass) AND attnum > 0 ORDER BY attnum"
        )
        columns = list(connection.execute(asked, {"t": table}).scalars())
        quoted = ", ', ', ".join(f"quote_nullable({column}::text)" for column in columns)
        for values in connection.execute(text(f"SELECT concat({quoted}) FROM {table} ORDER BY 1")).scalars():
            yield f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE VALUES ({values});"


def main() -> None:
    use_secret(SECRET)
    for server in run_server(None):
        database = clone_database(server, "cvms_snapshot")
        story = EnrollmentStory(database)
        story.apply()
        story.decide(story.reviewer(), "recommended")
        with database.owner_engine.connect() as connection:
            sys.stdout.writelines(f"{line}\n" for line in statements(connection))
        database.dispose()


if __name__ == "__main__":
    main()
