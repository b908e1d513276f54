"""A database of the version before comes to the newest one without loss, and back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deploy.local.servers.databases import OWNER, create_database, drop_database
from models.domain.capabilities import declared
from models.migrations import downgrade, upgrade
from models.migrations.declarations import rows_of
from models.postgres.database import make_engine
from models.queries.operations.invariants import check_invariants
from models.tables.core.kinds import REFERENCE_TABLES

ROWS = Path(__file__).parent / "rows_at_0007.sql"


@pytest.fixture
def old(server, worker_id):
    """The address of a database at revision 0007 with the rows of an enrollment in approval."""
    name = f"cvms_upgraded_{worker_id}"
    drop_database(server.superuser_url, name)
    with closing(psycopg2.connect(server.superuser_url)) as connection:
        connection.autocommit = True
        create_database(connection.cursor(), name)
    url = server.url(name, OWNER)
    upgrade(url, "0007")
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as run:
        run.execute("SET LOCAL session_replication_role = replica")
        run.execute(ROWS.read_text(encoding="utf-8"))
    yield url
    drop_database(server.superuser_url, name)


@pytest.fixture
def engine(old):
    made = make_engine(old)
    yield made
    made.dispose()


def rows(engine: Engine, like: dict[str, list[dict]] | None = None) -> dict[str, list[dict]]:
    """Every row of every table; with `like` by the columns that the rows of a version before have."""
    found = {}
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            if table not in REFERENCE_TABLES | {"alembic_version", "causes"}:
                known = (like or {}).get(table) or [{}]
                listed = connection.execute(text(f"SELECT to_jsonb(t) FROM {table} t")).scalars()
                kept = [{name: row[name] for name in known[0] or row} for row in listed]
                found[table] = sorted(kept, key=str)
    return found


def test_every_row_of_the_version_before_is_kept(old, engine):
    before = rows(engine)
    assert len(before["tasks"]) == 8
    upgrade(old)
    after = rows(engine, before)
    assert {table: after[table] for table in before} == before
    upgrade(old)
    assert rows(engine, before) == after
    with Session(engine) as session:
        states = session.execute(text("SELECT process_kind, state FROM inv.entity")).all()
        ages = ("I9", "I14", "I16")  # seals, the census and deadlines belong to a worker, which does not run here
        assert [one for one in check_invariants(session) if one.violations and one.id not in ages] == []
    assert states == [("ProviderEnrollment", "in_approval")]


def test_the_way_back_leads_to_the_same_tables(old, engine):
    before = rows(engine), columns(engine), indexes(engine)
    upgrade(old)
    downgrade(old, "0007")
    for found, meant in zip((rows(engine), columns(engine), indexes(engine)), before, strict=True):
        assert found == meant, set(map(str, found)) ^ set(map(str, meant))
    upgrade(old)


def test_the_way_back_is_refused_while_it_would_lose_something(old, engine):
    upgrade(old)
    with engine.begin() as connection:
        connection.execute(text("UPDATE tasks SET org_id = NULL WHERE kind = 'submit_enrollment'"))
    with pytest.raises(IntegrityError):
        downgrade(old, "0007")
    assert len(rows(engine)["tasks"]) == 8


def test_every_declared_kind_is_a_row(database):
    with database.app_engine.connect() as connection:
        for known, wanted in rows_of(declared()).items():
            table = known.__table__
            found = [dict(row) for row in connection.execute(table.select()).mappings()]
            assert wanted, table.name
            assert [row for row in wanted if row not in found] == [], table.name


def test_an_undeclared_kind_cannot_be_stored(database):
    with database.owner_engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO task_outcomes (task_kind, outcome) VALUES ('nobodys', 'x')"))


def columns(engine: Engine) -> list[tuple[str, ...]]:
    asked = """SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
                 FROM information_schema.columns WHERE table_schema IN ('public', 'inv') ORDER BY 1, 2, 3"""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def indexes(engine: Engine) -> list[tuple[str, ...]]:
    asked = """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
                UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
                           WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]
