"""Deadlines of one process among very many: no statement of an act reads all of them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.domain.core.tasks import DeadlineKind
from models.domain.enrollment.kinds import ProcessKind
from models.queries.core.deadlines import NEXT
from models.store.core.act import Act
from models.store.core.deadlines import _CANCEL
from models.store.core.processes import start_process
from models.store.core.tasks import _OF_PROCESS

MANY = """INSERT INTO deadlines (id, process_id, entity_type, entity_id, kind, subject_id, due_at)
          SELECT gen_random_uuid(), :process, 'enrollment', :entity, :kind, gen_random_uuid(), now()
            FROM generate_series(1, 3000)"""


@pytest.fixture
def processes(session):
    """Two processes, one of them with thousands of open deadlines."""
    made = []
    for number in range(2):
        act, entity_id = Act(session, SYSTEM, f"start/{number}"), uuid4()
        made.append(start_process(act, kind=ProcessKind.PROVIDER_ENROLLMENT, entity_id=entity_id, org_id=None))
    values = {"process": made[0], "entity": uuid4(), "kind": DeadlineKind.BREACH}
    session.execute(text(MANY), values)
    session.commit()
    return made


@pytest.mark.parametrize("statement", [_CANCEL, NEXT, _OF_PROCESS], ids=["cancel", "next", "tasks"])
def test_no_statement_about_one_process_reads_the_work_of_all(session, database, processes, statement):
    with database.owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text("ANALYZE deadlines"))
    values = {"of_process": processes[1], "process_id": processes[1], "of_subject": uuid4()}
    compiled = statement.compile(session.get_bind())
    asked = f"EXPLAIN {compiled}"
    known = {name: values.get(name, value) for name, value in compiled.params.items()}
    plan = "\n".join(session.connection().exec_driver_sql(asked, known).scalars())
    assert "Index" in plan or statement is _OF_PROCESS, plan
    assert "Seq Scan on deadlines" not in plan, plan
