"""Counting statements: what is sent counts, connecting and committing do not."""

from __future__ import annotations

from sqlalchemy import text

from tests.bench.statements import statements_of


def test_only_statements_count(database):
    with statements_of(database.app_engine) as sent:
        with database.app_engine.begin() as connection:
            connection.execute(text("SELECT 1"))
            connection.execute(text("SELECT 2"))
        with database.app_engine.begin():
            pass
    assert sent.sent == ["SELECT 1", "SELECT 2"]
    assert sent.count == 2


def test_what_comes_after_the_block_does_not_count(database):
    with statements_of(database.app_engine) as sent:
        pass
    with database.app_engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    assert sent.count == 0
