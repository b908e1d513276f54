"""The doorbell as Temporal has it: start a process unless it runs, and signal it, in one call."""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from models.domain.processes import ProcessStart, workflow_id
from models.queries.processes import Ring
from workflows.engine.client import CALL_LIMIT
from workflows.support.policies import PROCESS_QUEUE, TASK_TIMEOUT

SIGNAL = "ring"
OUR_FAULT = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.NOT_FOUND})
"""Answers that speak of one process. Every other failure speaks of Temporal as a whole."""


class TemporalDown(Exception):
    """Temporal did not answer in time, or not at all. Whether the news arrived is unknown."""


class Doorbell:
    """Rings from a thread; the call runs on the event loop that owns the client."""

    def __init__(self, client: Client, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def __call__(self, ring: Ring) -> None:
        call = asyncio.run_coroutine_threadsafe(start_and_signal(self._client, ring), self._loop)
        try:
            call.result(CALL_LIMIT.total_seconds() + 0.5)
        except RPCError as error:
            if error.status in OUR_FAULT:
                raise
            raise TemporalDown from error
        except (TimeoutError, asyncio.CancelledError) as error:
            call.cancel()
            raise TemporalDown from error


async def start_and_signal(client: Client, ring: Ring) -> None:
    """One call: a running process is signalled, a lost or ended run is started again from the facts."""
    ref = ring.ref
    await client.start_workflow(
        ref.kind,
        ProcessStart(ref, ring.heard),
        id=workflow_id(ref.kind, ref.entity_id, ref.generation),
        task_queue=PROCESS_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        task_timeout=TASK_TIMEOUT,
        start_signal=SIGNAL,
        start_signal_args=[ring.news],
        rpc_timeout=CALL_LIMIT,
    )
