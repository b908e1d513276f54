"""The roles and the database of the product in a PostgreSQL server. Tables are the business of the migrations."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor

OWNER, APP, WORKER = ROLES = ("cvms_owner", "cvms_app", "cvms_worker")
DATABASE = "cvms"


def prepare_database(superuser_url: str, passwords: Mapping[str, str], *, database: str = DATABASE) -> None:
    """Roles with their passwords, and a database that belongs to the owner. Doing it again changes nothing."""
    with _superuser(superuser_url) as run:
        for role in ROLES:
            _keep_role(run, role, passwords[role])
        run.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
        if run.fetchone() is None:
            create_database(run, database)


def create_database(run: cursor, database: str) -> None:
    """A database of the owner's, closed to every role but the application's and the worker's."""
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(OWNER)}
    users = sql.SQL(", ").join(map(sql.Identifier, (APP, WORKER)))
    run.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
    run.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
    run.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {users}").format(**names, users=users))


def drop_database(superuser_url: str, database: str = DATABASE) -> None:
    """Remove a database with everything in it, and whoever is connected."""
    with _superuser(superuser_url) as run:
        run.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def _keep_role(run: cursor, role: str, password: str) -> None:
    run.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    verb = "ALTER" if run.fetchone() else "CREATE"
    statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
    run.execute(statement.format(sql.SQL(verb), sql.Identifier(role), sql.Literal(password)))


@contextlib.contextmanager
def _superuser(url: str) -> Iterator[cursor]:
    connection = psycopg2.connect(url, connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as run:
            yield run
    finally:
        connection.close()
