"""The watch over writes: whatever a request keeps is seen, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.postgres.database import reading, transaction
from tests.authorization.answers import Facts, watched
from tests.authorization.cells import cells
from tests.authorization.matrix import asked
from tests.authorization.visits import Visitor
from webapp.extensions import db

CHANGE = "UPDATE tasks SET version = version + 1"
KEPT = {
    CHANGE: {"tasks"},
    'UPDATE "tasks" SET version = version': {"tasks"},
    "WITH gone AS (DELETE FROM links RETURNING 1) SELECT count(*) FROM gone": {"links"},
    "insert into public_names_of_nobody_else select 1": {"public_names_of_nobody_else"},
    "SELECT id FROM tasks FOR UPDATE": set(),
    "SELECT id FROM tasks FOR NO KEY UPDATE SKIP LOCKED": set(),
    "SELECT id FROM tasks FOR UPDATE OF tasks NOWAIT": set(),
    "UPDATE tasks SET version = 1 WHERE false": set(),
    "INSERT INTO attempts SELECT * FROM attempts WHERE false": set(),
}


@pytest.mark.parametrize("statement", KEPT)
def test_what_is_kept_is_seen(world, statement):
    with transaction(world.database.owner_engine) as session:
        session.execute(text("CREATE TEMPORARY TABLE public_names_of_nobody_else (x int) ON COMMIT DROP"))
        with watched() as writes:
            session.execute(text(statement))
            assert writes.take() == set()
            session.commit()
        assert writes.take() == KEPT[statement]
        assert writes.take() == set()


def test_what_is_rolled_back_was_not_written(world):
    with watched() as writes, world.database.owner_engine.connect() as connection:
        connection.execute(text(CHANGE))
        connection.rollback()
        connection.execute(text("SELECT 1"))
        connection.commit()
    assert writes.take() == set()


def test_what_is_written_without_a_transaction_is_seen(world):
    with watched() as writes, reading(world.database.owner_engine) as session:
        session.execute(text(CHANGE))
    assert writes.take() == {"tasks"}


def test_a_page_that_writes_turns_its_cell_red(app, world, writes, facts: Facts, monkeypatch):
    """Also where the answer is the right one: the write is seen by its statement, and the checksum agrees."""
    who = world.people["AUD"]
    cell = next(cells(app, world, who, endpoint="identity.account"))
    view, before = app.view_functions[cell.endpoint], facts.checksum()
    visitor = Visitor(app, world, who)
    writes.take()
    assert asked(visitor, cell, writes, {}) == []
    assert facts.checksum() == before

    def writing():
        db.session.execute(text(CHANGE))
        db.session.commit()
        return view()

    monkeypatch.setitem(app.view_functions, cell.endpoint, writing)
    assert asked(visitor, cell, writes, {}) == [f"{cell} has written ['tasks']"]
    assert facts.checksum() != before
