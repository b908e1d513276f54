"""How a Temporal worker of ours is made: one sandbox, one converter, bounded caches and pools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Interceptor, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.engine.failures import FailureTranslation
from workflows.support.policies import PROCESS_QUEUE, STICKY_TIMEOUT

ACTIVITIES_AT_ONCE = 10
"""Activities, their threads and the connections of their pool are this many."""
WORKFLOW_TASKS_AT_ONCE = 10
"""As many as their effects: each holds its place while its effect runs."""
POLLS_AT_ONCE = 2
CACHED_PROCESSES = 500
GRACE = timedelta(seconds=1)

PASSED_THROUGH = (
    "activities",
    "models",
    "workflows.support",
    "sqlalchemy",
    "psycopg2",
    "yaml",
    "pydantic",
    "pydantic_core",
    "structlog",
)
"""Modules that the sandbox shares instead of loading them anew for each process; ruff keeps clocks out of rules."""


def sandbox() -> SandboxedWorkflowRunner:
    """The sandbox that every worker and every replay uses."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(restrictions=restrictions)


def make_worker(
    client: Client,
    *,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]],
    task_queue: str = PROCESS_QUEUE,
    cached_processes: int = CACHED_PROCESSES,
    interceptors: Sequence[Interceptor] = (),
) -> Worker:
    """A worker on a queue; it does not run yet."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=workflows,
        activities=activities,
        activity_executor=ThreadPoolExecutor(ACTIVITIES_AT_ONCE, thread_name_prefix="activity"),
        workflow_runner=sandbox(),
        interceptors=[FailureTranslation(), *interceptors],
        max_concurrent_activities=ACTIVITIES_AT_ONCE,
        max_concurrent_local_activities=ACTIVITIES_AT_ONCE,
        max_concurrent_workflow_tasks=WORKFLOW_TASKS_AT_ONCE,
        max_concurrent_workflow_task_polls=POLLS_AT_ONCE,
        max_cached_workflows=cached_processes,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACE,
    )
