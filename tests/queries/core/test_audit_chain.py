"""The chain of the audit trail, looked at while the sealer works."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import event, text

from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.queries.operations.invariants import check_audit_chain
from models.store.core.act import Act
from models.store.core.audit import record, seal_new_rows


def act(database, times=1):
    with transaction(database.app_engine) as session:
        for _ in range(times):
            record(Act(session, SYSTEM, uuid4().hex), action="x", object_type="system", object_id=None)


def seal(database):
    with transaction(database.worker_engine) as session:
        seal_new_rows(session)


def test_O13_rows_that_are_sealed_while_it_is_checked_are_no_violation(database):
    act(database, 3)
    seal(database)
    act(database, 10)

    sealed = iter([seal])

    def sealed_meanwhile(*_):
        next(sealed, lambda _database: None)(database)

    with transaction(database.app_engine) as session:
        session.execute(text("SELECT 1"))
        event.listen(database.app_engine, "after_cursor_execute", sealed_meanwhile)
        found = check_audit_chain(session)
    event.remove(database.app_engine, "after_cursor_execute", sealed_meanwhile)
    assert found.violations == 0
    with transaction(database.app_engine) as session:
        assert check_audit_chain(session).note.startswith("13 rows sealed")


def test_a_row_that_is_gone_breaks_the_chain(database):
    act(database, 3)
    seal(database)
    with transaction(database.owner_engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)"))
    with transaction(database.app_engine) as session:
        assert check_audit_chain(session).violations == 1
