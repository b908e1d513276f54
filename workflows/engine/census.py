"""The census: writes into the facts which processes really run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, func, select
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.client import Client

from models.domain.capabilities import declared
from models.postgres.database import transaction
from models.store.operations.census import Run, begin_censuses, complete_censuses

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

    def __init__(self, engine: Engine, count: Callable[[], Sequence[Run]]) -> None:
        self._engine, self._count = engine, count

    def take(self) -> bool:
        """Count the running processes, for the clock and for every census that was asked for."""
        with transaction(self._engine) as session:
            if not session.execute(select(func.pg_try_advisory_xact_lock(CENSUS_LOCK))).scalar_one():
                return False
            asked_for = begin_censuses(session)
            complete_censuses(session, census_ids=asked_for, lives=self._count())
        return False


class RunningProcesses:
    """Asks Temporal, from a thread; the call runs on the event loop that owns the client."""

    def __init__(self, client: Client, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def __call__(self) -> Sequence[Run]:
        return asyncio.run_coroutine_threadsafe(self._list(), self._loop).result(COUNT_LIMIT)

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
