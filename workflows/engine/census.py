"""The census: writes into the facts which processes really run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import Engine, func, select
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from models.domain.capabilities import declared
from models.postgres.database import transaction
from models.queries.core.processes import superseded_runs
from models.store.operations.census import Run, begin_censuses, complete_censuses

log = structlog.get_logger(__name__)

COUNT_EVERY = 20.0
LONGEST_REST = 5.0
"""How long it rests at most between two tries while Temporal is down, in seconds: a rebuilding waits for it."""
COUNT_LIMIT = 30.0
PAGE = 1000
PAGE_LIMIT = timedelta(seconds=10)
CENSUS_LOCK = 7_310_002
RUNNING = 'ExecutionStatus = "Running"'


class Census:
    """One count after another; each is one transaction, so a killed worker leaves none half done."""

    def __init__(
        self, engine: Engine, count: Callable[[], Sequence[Run]], end: Callable[[Sequence[str]], None] | None = None
    ) -> None:
        self._engine, self._count, self._end = engine, count, end

    def take(self) -> bool:
        """Count the running processes, for the clock and for every census that was asked for.

        Lives that a newer one has replaced are ended: one that is deaf would never find out by itself.
        """
        with transaction(self._engine) as session:
            if not session.execute(select(func.pg_try_advisory_xact_lock(CENSUS_LOCK))).scalar_one():
                return False
            asked_for = begin_censuses(session)
            lives = self._count()
            complete_censuses(session, census_ids=asked_for, lives=lives)
            superseded = superseded_runs(session, lives)
        if superseded and self._end:
            self._end(superseded)
            log.info("ended lives that a newer one has replaced", workflows=len(superseded))
        return False


class RunningProcesses:
    """Asks Temporal, from a thread; the call runs on the event loop that owns the client."""

    def __init__(self, client: Client, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def __call__(self) -> Sequence[Run]:
        return asyncio.run_coroutine_threadsafe(self._list(), self._loop).result(COUNT_LIMIT)

    def end(self, workflow_ids: Sequence[str]) -> None:
        """End some of them; one that ends by itself meanwhile is left alone."""
        asyncio.run_coroutine_threadsafe(self._end(workflow_ids), self._loop).result(COUNT_LIMIT)

    async def _end(self, workflow_ids: Sequence[str]) -> None:
        for workflow_id in workflow_ids:
            await end_run(self._client, workflow_id, reason="a newer life of this process has begun")

    async def _list(self) -> list[Run]:
        found = map(run_of, await running_ids(self._client))
        return [life for life in found if life is not None]


async def running_ids(client: Client) -> list[str]:
    """The workflow id of every running process.

    Asked of the service itself: the client would unpack the search attributes of each, which takes ten times as long.
    """
    ids, token = [], b""
    while True:
        asked = ListWorkflowExecutionsRequest(
            namespace=client.namespace, page_size=PAGE, query=RUNNING, next_page_token=token
        )
        page = await client.workflow_service.list_workflow_executions(asked, timeout=PAGE_LIMIT)
        ids += [run.execution.workflow_id for run in page.executions]
        token = page.next_page_token
        if not token:
            return ids


async def end_run(client: Client, workflow_id: str, *, reason: str) -> None:
    """Terminate a running process, unless it has ended by itself."""
    try:
        await client.get_workflow_handle(workflow_id).terminate(reason, rpc_timeout=PAGE_LIMIT)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


def run_of(workflow_id: str) -> Run | None:
    """What a workflow id names; None for one that is not ours."""
    kind, _, rest = workflow_id.partition("/")
    entity, _, generation = rest.partition("/")
    if kind not in declared().processes or not generation.isdecimal():
        return None
    try:
        return kind, UUID(entity), int(generation)
    except ValueError:
        return None
