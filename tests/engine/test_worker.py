"""What a worker registers, how failures are told on, what payloads look like, and the worker process itself."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError

import activities
import workflows
from models.domain.core.process_steps import SUPERSEDED, StepRequest
from models.domain.core.processes import ProcessRef
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import ProcessKind
from models.postgres.database import transaction
from models.queries.operations.health import read_health
from models.store.core.processes import SupersededError
from tests.site import SECRET
from tests.temporal import eventually, fresh_queue
from workflows.engine.converter import converter
from workflows.engine.discovery import activities_in, workflows_in
from workflows.engine.failures import translated
from workflows.engine.worker import ACTIVITIES_AT_ONCE, make_worker, sandbox

ROOT = Path(__file__).parent.parent.parent


def decorated(folder: str, mark: str) -> set[str]:
    """The names of everything below a folder that carries a decorator, read from the source."""
    found = set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            decorators = getattr(node, "decorator_list", [])
            if any(ast.unparse(one).startswith(mark) for one in decorators):
                found.add(node.name)
    return found


def test_every_workflow_and_activity_of_the_tree_is_found():
    assert {one.__name__ for one in workflows_in(workflows)} == decorated("workflows", "workflow.defn")
    assert {one.__name__ for one in activities_in(activities)} == decorated("activities", "activity.defn")
    assert {one.__name__ for one in workflows_in(workflows)} == set(ProcessKind)


def test_no_two_activities_share_a_name():
    names = [activity._Definition.must_from_callable(one).name for one in activities_in(activities)]
    assert len(names) == len(set(names))


def test_a_worker_has_as_many_threads_as_activities(time_skipping):
    async def made():
        everything = {"workflows": workflows_in(workflows), "activities": activities_in(activities)}
        return make_worker(time_skipping.client, task_queue=fresh_queue(), **everything)

    config = time_skipping.do(made()).config()
    assert config["activity_executor"]._max_workers == config["max_concurrent_activities"] == ACTIVITIES_AT_ONCE
    assert config["max_concurrent_local_activities"] == ACTIVITIES_AT_ONCE
    assert config["max_concurrent_workflow_tasks"] <= 10
    assert config["graceful_shutdown_timeout"].total_seconds() > 0


@pytest.mark.parametrize(
    ("error", "kind", "final"),
    [
        (RuleViolation("wrong_state", "Ana Ruiz is not allowed to"), "wrong_state", True),
        (SupersededError("generation 1"), SUPERSEDED, True),
        (ValueError("Ana Ruiz, born 1970-01-01"), "ValueError", False),
        (ApplicationError("x", type="own", non_retryable=True), "own", True),
    ],
)
def test_a_failure_is_told_by_its_kind_and_never_by_its_words(error, kind, final):
    told = translated(error)
    assert (told.type, told.non_retryable) == (kind, final)
    assert "Ana" not in str(told)


def test_dates_times_and_our_values_survive_the_converter():
    ref = ProcessRef(str(uuid4()), ProcessKind.PROVIDER_ENROLLMENT, str(uuid4()), 2)
    turn = StepRequest(ref, 3, datetime(2026, 3, 2, 15, tzinfo=UTC), None)
    inner = converter().payload_converter
    for value in (turn, date(2026, 3, 2)):
        assert inner.from_payload(inner.to_payload(value), type(value)) == value


def test_converters_share_what_they_know_of_types():
    """Temporal makes one for each process in memory; to learn a type anew takes milliseconds."""
    first, second = (converter().payload_converter_class() for _ in range(2))
    assert first.converters[b"json/plain"] is second.converters[b"json/plain"]


def test_what_processes_share_is_not_loaded_anew_for_each():
    assert "workflows.support" in sandbox().restrictions.passthrough_modules


@pytest.mark.stack
def test_the_worker_process_works_without_temporal_and_stops_at_once(database, tmp_path):
    """It beats, says that Temporal is not reached, and ends with 0 within a few seconds of SIGTERM."""
    environment = {
        **os.environ,
        "CVMS_HOME": str(tmp_path),
        "CVMS_SECRET_KEY": SECRET,
        "DATABASE_URL": database.app_url,
        "CVMS_WORKER_DATABASE_URL": database.worker_url,
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
        "TEMPORAL_NAMESPACE": "default",
    }
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "worker.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:

        def seen():
            with transaction(database.app_engine) as session:
                return read_health(session).worker_seen_seconds_ago is not None

        eventually(seen, within=20)
        with transaction(database.app_engine) as session:
            assert read_health(session).temporal_problem == "not connected"
        started = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
        assert time.monotonic() - started < 4
    finally:
        worker.kill()
        worker.wait()
