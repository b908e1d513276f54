"""The doorbell as Temporal has it: start a process that does not run, signal one that does."""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.domain.core.processes import ProcessEventKind, ProcessStart, workflow_id
from models.queries.core.processes import Delivery
from workflows.engine.client import CALL_LIMIT
from workflows.support.policies import PROCESS_QUEUE, TASK_TIMEOUT

SIGNAL = "ring"
BEGINNINGS = frozenset({ProcessEventKind.STARTED, ProcessEventKind.REBUILT})
"""The news with which a life begins."""
OUR_FAULT = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.NOT_FOUND})
"""Answers that speak of one process. Every other failure speaks of Temporal as a whole."""


class TemporalDown(Exception):
    """Temporal did not answer in time, or not at all. Whether the news arrived is unknown."""


class SignalSender:
    """Rings from a thread; the call runs on the event loop that owns the client."""

    def __init__(self, client: Client, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def __call__(self, ring: Delivery) -> None:
        call = asyncio.run_coroutine_threadsafe(deliver(self._client, ring), self._loop)
        try:
            call.result(CALL_LIMIT.total_seconds() + 0.5)
        except RPCError as error:
            if error.status in OUR_FAULT:
                raise
            raise TemporalDown from error
        except (TimeoutError, asyncio.CancelledError) as error:
            call.cancel()
            raise TemporalDown from error


async def deliver(client: Client, ring: Delivery) -> None:
    """Bring the news to the process: a life that begins gets it with its start, a running one by signal.

    A lost or ended run is started again from the facts.
    """
    if ring.news[0].kind in BEGINNINGS:
        try:
            await _start(client, ring, begins=True)
        except WorkflowAlreadyStartedError:
            await _start(client, ring, begins=False)
    else:
        await _start(client, ring, begins=False)


async def _start(client: Client, ring: Delivery, *, begins: bool) -> None:
    """One call. A life that begins takes its first step at once where this worker has a place free."""
    ref = ring.ref
    await client.start_workflow(
        ref.kind,
        ProcessStart(ref, ring.processed, ring.news if begins else []),
        id=workflow_id(ref.kind, ref.entity_id, ref.generation),
        task_queue=PROCESS_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL if begins else WorkflowIDConflictPolicy.USE_EXISTING,
        task_timeout=TASK_TIMEOUT,
        start_signal=None if begins else SIGNAL,
        start_signal_args=[] if begins else [ring.news],
        request_eager_start=begins,
        rpc_timeout=CALL_LIMIT,
    )
