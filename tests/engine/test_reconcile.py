"""After the database went back, Temporal is ahead: lives that the facts do not know end, current ones stay (D7)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowExecutionStatus

from models.domain.processes import ProcessKind, workflow_id
from tests.enrollment_story import Story
from tests.temporal import eventually, fresh_queue
from workflows.engine.census import RUNNING
from workflows.engine.reconcile import reconcile

KIND = ProcessKind.PROVIDER_ENROLLMENT


@pytest.fixture
def run(laboratory):
    """Has Temporal run something under a workflow id, as it would after the database went back."""

    def begun(name):
        handle = laboratory.do(laboratory.client.start_workflow("Anything", id=name, task_queue=fresh_queue()))
        eventually(lambda: handle.id in listed(laboratory))
        return handle

    return begun


def listed(laboratory):
    async def names():
        return {run.id async for run in laboratory.client.list_workflows(RUNNING)}

    return laboratory.do(names())


def status(laboratory, handle):
    return laboratory.do(handle.describe()).status


def test_strangers_end_and_current_lives_stay(laboratory, database, run):
    story = Story(database)
    current = run(workflow_id(KIND, str(story.id), 1))
    newer = run(workflow_id(KIND, str(story.id), 2))
    unknown = run(workflow_id(KIND, str(uuid4()), 1))
    other = run("something/else")
    ended = laboratory.do(reconcile(laboratory.client, database.worker_engine))
    assert ended == sorted([newer.id, unknown.id])
    for handle in (newer, unknown):
        assert status(laboratory, handle) is WorkflowExecutionStatus.TERMINATED
    for handle in (current, other):
        assert status(laboratory, handle) is WorkflowExecutionStatus.RUNNING


def test_doing_it_again_ends_nothing_more(laboratory, database, run):
    run(workflow_id(KIND, str(uuid4()), 1))
    assert len(laboratory.do(reconcile(laboratory.client, database.worker_engine))) == 1
    eventually(lambda: not listed(laboratory))
    assert laboratory.do(reconcile(laboratory.client, database.worker_engine)) == []


def test_a_life_that_is_just_ending_is_let_end(laboratory, database, run):
    story = Story(database)
    ending = run(workflow_id(KIND, str(story.id), 1))
    with database.owner_engine.begin() as connection:
        connection.execute(text("UPDATE processes SET open = false"))
    assert laboratory.do(reconcile(laboratory.client, database.worker_engine)) == []
    assert status(laboratory, ending) is WorkflowExecutionStatus.RUNNING
