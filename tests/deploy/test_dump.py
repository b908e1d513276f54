"""A dump is loaded whole or not at all, whatever breaks on the way."""

from __future__ import annotations

from contextlib import closing

import click
import psycopg2
import pytest

from deploy.local.servers.databases import OWNER, create_database, drop_database
from webapp.cli.dump import load_dump, write_dump

EMPTY = "cvms_dump_target"


@pytest.fixture
def dump(database, tmp_path):
    """A dump of the test's database."""
    file = tmp_path / "database.dump"
    with closing(psycopg2.connect(database.owner_url)) as connection, connection.cursor() as run:
        run.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        run.execute("SELECT pg_export_snapshot()")
        write_dump(None, database.owner_url, snapshot=run.fetchone()[0], file=file)
    return file


@pytest.fixture
def target(server):
    """An empty database of the owner's."""
    with closing(psycopg2.connect(server.superuser_url)) as connection:
        connection.autocommit = True
        create_database(connection.cursor(), EMPTY)
    yield server.url(EMPTY, OWNER)
    drop_database(server.superuser_url, EMPTY)


def tables(url):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as run:
        run.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return run.fetchone()[0]


def test_a_dump_is_loaded_on_every_version(dump, target):
    load_dump(None, target, dump)
    assert tables(target) > 10


def test_a_dump_that_ends_too_early_leaves_nothing(dump, target):
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(click.ClickException, match="pg_restore failed"):
        load_dump(None, target, dump)
    assert tables(target) == 0


def test_a_database_that_is_not_empty_is_refused_in_words(dump, database):
    with pytest.raises(click.ClickException, match=r"psql failed: .*already exists"):
        load_dump(None, database.owner_url, dump)
