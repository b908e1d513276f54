"""Writes that wait: sent in their order with the next statement, gone with a rollback, and never lost in a commit."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.postgres import write_behind
from models.postgres.database import transaction
from models.postgres.write_behind import write_later
from models.store.core.act import Act
from models.store.core.audit import record
from models.tables.core.audit import AuditRow
from models.tables.core.processes import WorkerHeartbeat
from tests.bench.statements import statements_of

ADD = text("INSERT INTO worker_heartbeats (worker_id) VALUES (:key)")
RENAME = text("UPDATE worker_heartbeats SET worker_id = 'two' WHERE worker_id = :key")
COUNT = select(func.count()).select_from(WorkerHeartbeat)
PERCENT = "100 % of 'it'; %(key)s"


def audit(session):
    record(Act(session, SYSTEM, PERCENT), action="try", object_type="thing", object_id=uuid4())


def test_what_waits_travels_with_the_next_statement_in_its_order(database):
    owner = database.worker_engine
    with statements_of(owner) as sent, transaction(owner) as session:
        session.add(WorkerHeartbeat(worker_id="one"))
        session.flush()
        write_later(session, ADD, {"key": PERCENT})
        write_later(
            session, text("UPDATE worker_heartbeats SET worker_id = 'two' WHERE worker_id = :key"), {"key": "one"}
        )
        assert sent.count == 0
        assert set(session.scalars(select(WorkerHeartbeat.worker_id))) == {"two", PERCENT}
    assert (sent.count, len(sent.carried)) == (1, 3)


def test_a_commit_sends_what_waits_in_one_message(database):
    with statements_of(database.worker_engine) as sent, transaction(database.worker_engine) as session:
        audit(session)
        audit(session)
        session.add(WorkerHeartbeat(worker_id="one"))
    assert sent.count == 1
    with Session(database.worker_engine) as session:
        assert session.scalar(COUNT) == 1
        assert session.scalars(select(AuditRow.cause_key)).all() == [PERCENT, PERCENT]


@pytest.mark.parametrize("end", [Session.rollback, Session.close], ids=["rolled back", "closed"])
def test_what_waits_goes_with_its_transaction(database, end):
    session = Session(database.worker_engine)
    write_later(session, ADD, {"key": "one"})
    end(session)
    with transaction(database.worker_engine) as session:
        assert session.scalar(COUNT) == 0


def test_a_connection_that_is_given_back_takes_nothing_along(database):
    connection = database.worker_engine.connect()
    session = Session(connection)
    write_later(session, ADD, {"key": "one"})
    connection.connection._connection_record.checkin()
    with transaction(database.worker_engine) as other:
        assert other.scalar(COUNT) == 0


def test_a_broken_constraint_is_told_by_its_name_and_nothing_is_kept(database):
    def twice():
        with transaction(database.worker_engine) as session:
            audit(session)
            write_later(session, ADD, {"key": "one"})
            write_later(session, ADD, {"key": "one"})

    with pytest.raises(IntegrityError) as broken:
        twice()
    assert broken.value.orig.diag.constraint_name == "pk_worker_heartbeats"
    with Session(database.worker_engine) as session:
        assert session.scalar(COUNT) == 0
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 0


def test_a_savepoint_takes_what_waited_before_it(database):
    with transaction(database.worker_engine) as session:
        write_later(session, ADD, {"key": "before"})
        inner = session.begin_nested()
        write_later(session, ADD, {"key": "inside"})
        inner.rollback()
    with Session(database.worker_engine) as session:
        assert session.scalars(select(WorkerHeartbeat.worker_id)).all() == ["before"]


def test_masses_do_not_wait(database, monkeypatch):
    monkeypatch.setattr(write_behind, "MOST_BYTES", 100)
    with statements_of(database.worker_engine) as sent, transaction(database.worker_engine) as session:
        for number in range(10):
            write_later(session, ADD, {"key": f"{number}" * 60})
    assert 2 <= sent.count <= 6
    with Session(database.worker_engine) as session:
        assert session.scalar(COUNT) == 10


def test_a_server_side_cursor_reads_what_waited(database):
    with transaction(database.worker_engine) as session:
        write_later(session, ADD, {"key": "one"})
        found = session.execute(select(WorkerHeartbeat.worker_id), execution_options={"stream_results": True})
        assert found.scalars().all() == ["one"]


def test_it_listens_on_every_connection():
    """Without its listeners nothing would wait, and nothing would be lost either."""
    assert event.contains(PGDialect_psycopg2, "do_execute", write_behind._execute)
