"""After the database went back, Temporal is ahead: lives that the facts do not know end, current ones stay (D7)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowExecutionStatus

from models.domain.core.processes import workflow_id
from models.domain.enrollment.kinds import ProcessKind
from tests.enrollment_story import EnrollmentStory
from tests.temporal import eventually, fresh_queue
from workflows.engine.census import RUNNING
from workflows.engine.reconcile import reconcile

KIND = ProcessKind.PROVIDER_ENROLLMENT


@pytest.fixture
def run(time_skipping):
    """Has Temporal run something under a workflow id, as it would after the database went back."""

    def begun(name):
        handle = time_skipping.do(time_skipping.client.start_workflow("Anything", id=name, task_queue=fresh_queue()))
        eventually(lambda: handle.id in listed(time_skipping))
        return handle

    return begun


def listed(time_skipping):
    async def names():
        return {run.id async for run in time_skipping.client.list_workflows(RUNNING)}

    return time_skipping.do(names())


def status(time_skipping, handle):
    return time_skipping.do(handle.describe()).status


def test_strangers_end_and_current_lives_stay(time_skipping, database, run):
    story = EnrollmentStory(database)
    current = run(workflow_id(KIND, str(story.id), 1))
    newer = run(workflow_id(KIND, str(story.id), 2))
    unknown = run(workflow_id(KIND, str(uuid4()), 1))
    other = run("something/else")
    ended = time_skipping.do(reconcile(time_skipping.client, database.worker_engine))
    assert ended == sorted([newer.id, unknown.id])
    for handle in (newer, unknown):
        assert status(time_skipping, handle) is WorkflowExecutionStatus.TERMINATED
    for handle in (current, other):
        assert status(time_skipping, handle) is WorkflowExecutionStatus.RUNNING


def test_doing_it_again_ends_nothing_more(time_skipping, database, run):
    run(workflow_id(KIND, str(uuid4()), 1))
    assert len(time_skipping.do(reconcile(time_skipping.client, database.worker_engine))) == 1
    eventually(lambda: not listed(time_skipping))
    assert time_skipping.do(reconcile(time_skipping.client, database.worker_engine)) == []


def test_a_life_that_is_just_ending_is_let_end(time_skipping, database, run):
    story = EnrollmentStory(database)
    ending = run(workflow_id(KIND, str(story.id), 1))
    with database.owner_engine.begin() as connection:
        connection.execute(text("UPDATE processes SET open = false"))
    assert time_skipping.do(reconcile(time_skipping.client, database.worker_engine)) == []
    assert status(time_skipping, ending) is WorkflowExecutionStatus.RUNNING
