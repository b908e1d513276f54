"""Connections are looked at before they are lent: a dead one is replaced, a living one is not asked each time."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.postgres import pool as lending
from models.postgres.database import make_engine, reading
from tests.bench.statements import statements_of


@pytest.fixture
def engine(database):
    found = make_engine(database.app_url, pool_size=1)
    yield found
    found.dispose()


def backend(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT pg_backend_pid()")).scalar_one()


def end(database, pid):
    with database.app_engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_a_connection_that_the_server_closed_is_replaced_before_any_statement(engine, database):
    first = backend(engine)
    end(database, first)
    assert backend(engine) != first


def test_a_connection_that_was_used_a_moment_ago_is_looked_at_and_not_asked(engine, monkeypatch):
    first = backend(engine)
    monkeypatch.setattr(lending, "answers", lambda _connection: False)
    assert backend(engine) == first


def test_a_connection_that_rested_is_asked_and_replaced_where_no_answer_comes(engine, monkeypatch):
    first = backend(engine)
    monkeypatch.setattr(lending, "RESTED_SECONDS", 0)
    assert backend(engine) == first
    monkeypatch.setattr(lending, "answers", lambda _connection: False)
    assert backend(engine) != first


def test_a_read_by_itself_begins_and_ends_no_transaction(engine, database):
    with reading(engine) as session, statements_of(engine) as sent:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with database.app_engine.connect() as other:
            seen = text("SELECT state FROM pg_stat_activity WHERE pid = :pid")
            assert other.execute(seen, {"pid": pid}).scalar_one() == "idle"
    assert sent.count == 1
    with engine.connect() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with database.app_engine.connect() as other:
            assert other.execute(seen, {"pid": mine}).scalar_one() == "idle in transaction"
