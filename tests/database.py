"""A PostgreSQL server for one test run, and a clean database for each test that asks for one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from sqlalchemy import Engine, text

from deploy.local.servers.databases import APP, OWNER, WORKER, drop_database, prepare_database
from deploy.local.servers.postgres import Postgres
from models.migrations import upgrade
from models.postgres.database import make_engine
from models.tables.core.kinds import REFERENCE_TABLES

TEMPLATE = "cvms_template"
PASSWORDS = {OWNER: "owner", APP: "app", WORKER: "worker"}
KEPT_TABLES = REFERENCE_TABLES | {"alembic_version", "program_settings"}
CLEANING = text(f"""
DO $$
DECLARE found text; held boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> ALL (ARRAY{sorted(KEPT_TABLES)})
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || found || ')' INTO held;
        IF held THEN EXECUTE 'DELETE FROM ' || found; END IF;
    END LOOP;
END $$""")
"""Empties the tables that hold anything, in one statement, whoever wrote into them: a test, its pages or a process."""


@dataclass(frozen=True)
class Server:
    """The address of a running PostgreSQL server, as its superuser."""

    superuser_url: str

    def url(self, database: str, role: str) -> str:
        place = self.superuser_url.rpartition("@")[2].partition("/")[0]
        return f"postgresql://{role}:{PASSWORDS[role]}@{place}/{database}"


@dataclass(frozen=True)
class Database:
    """A database of one test worker, with an engine for each role."""

    app_url: str
    worker_url: str
    owner_url: str
    app_engine: Engine
    worker_engine: Engine
    owner_engine: Engine

    def shift_clock(self, interval: str) -> None:
        """Move the database's time, as `7 days` or `-1 hour`."""
        with self.owner_engine.begin() as connection:
            connection.execute(text("DELETE FROM clock_shift"))
            connection.execute(
                text("INSERT INTO clock_shift (shift) VALUES (cast(:shift AS interval))"), {"shift": interval}
            )

    def clean(self) -> None:
        """Delete every row that a test left."""
        with self.owner_engine.begin() as connection:
            connection.execute(CLEANING)

    def dispose(self) -> None:
        for engine in (self.app_engine, self.worker_engine, self.owner_engine):
            engine.dispose()


def run_server(binaries: str | None) -> Iterator[Server]:
    """A server with the template database, from start to stop."""
    folder = Path(tempfile.mkdtemp(prefix="cvms-tests-"))
    try:
        with Postgres(folder / "pg", password="test", binaries=binaries, durable=False) as postgres:
            server = Server(postgres.url())
            prepare_database(server.superuser_url, PASSWORDS, database=TEMPLATE)
            with psycopg2.connect(server.superuser_url) as connection:
                connection.autocommit = True
                connection.cursor().execute("GRANT SET ON PARAMETER session_replication_role TO cvms_owner")
            upgrade(server.url(TEMPLATE, OWNER))
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clone_database(server: Server, name: str, template: str = TEMPLATE) -> Database:
    """A copy of the template, or of another database that nobody is connected to, for one test worker."""
    drop_database(server.superuser_url, name)
    connection = psycopg2.connect(server.superuser_url)
    connection.autocommit = True
    with connection.cursor() as run:
        run.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {OWNER}')
    connection.close()
    urls = [server.url(name, role) for role in (APP, WORKER, OWNER)]
    return Database(*urls, *(make_engine(url) for url in urls))
