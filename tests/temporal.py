"""A Temporal dev server for one test worker, and a laboratory that runs processes on it from plain test code."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from models.domain.core.processes import ProcessEvent, ProcessStart, workflow_id
from workflows.engine.converter import converter
from workflows.engine.worker import make_worker, sandbox

PATIENCE = 10.0


class TimeSkipping:
    """One event loop in a thread, one client, and a worker for as long as a test wants it."""

    def __init__(self, address: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.client: Client = self.do(Client.connect(address, data_converter=converter()))
        self._skipper = TimeSkipper(self.client, config=TimeSkippingConfig(enabled=False))
        self.started: list[WorkflowHandle[Any, Any]] = []

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()

    def do(self, work: Awaitable[Any], limit: float = 30.0) -> Any:
        """Run something on the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(_awaited(work), self.loop).result(limit)

    @contextmanager
    def working(
        self, workflows: Sequence[type], activities: Sequence[Callable[..., Any]], **options: Any
    ) -> Iterator[None]:
        """A worker on its queue, stopped at the end."""
        worker = self.do(_made(lambda: make_worker(self.client, workflows=workflows, activities=activities, **options)))
        running = asyncio.run_coroutine_threadsafe(worker.run(), self.loop)
        try:
            yield
        finally:
            self.do(worker.shutdown())
            running.result(10)

    def start(self, start: ProcessStart, news: Sequence[ProcessEvent], queue: str) -> WorkflowHandle[Any, Any]:
        """Start and signal a process as the relay does, on a queue of the test's own."""
        ref = start.ref
        handle = self.do(
            self.client.start_workflow(
                ref.kind,
                start,
                id=workflow_id(ref.kind, ref.entity_id, ref.generation),
                task_queue=queue,
                start_signal="ring",
                start_signal_args=[list(news)],
            )
        )
        self.started.append(handle)
        return handle

    def pass_time(self, handle: WorkflowHandle[Any, Any], **amount: float) -> None:
        """Let a process live through so much time, as `days=3`."""
        self.do(self._skipper.fast_forward(handle, timedelta(**amount)))

    def history(self, handle: WorkflowHandle[Any, Any]) -> WorkflowHistory:
        return self.do(handle.fetch_history())

    def terminate_all(self) -> None:
        """End what a test left running, so that no later worker picks it up."""
        self.do(terminate_running(self.client))
        self.started.clear()


def replay(workflows: Sequence[type], history: WorkflowHistory, *, sandboxed: bool = True) -> None:
    """Replay a history; raises when the code no longer makes the same decisions."""
    runner = sandbox() if sandboxed else UnsandboxedWorkflowRunner()
    replayer = Replayer(workflows=workflows, workflow_runner=runner, data_converter=converter())
    asyncio.run(replayer.replay_workflow(history))


def eventually(met: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """Wait until something is so; fails when it does not become so in time."""
    until = time.monotonic() + within
    while not (found := met()):
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.01)
    return found


def fresh_queue() -> str:
    return f"test-{uuid4().hex}"


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


async def _made(make: Callable[[], Any]) -> Any:
    return make()


async def terminate_running(client: Client) -> None:
    """The list is a moment old: a run that has ended by itself since then needs no ending."""
    async for run in client.list_workflows('ExecutionStatus="Running"'):
        try:
            await client.get_workflow_handle(run.id, run_id=run.run_id).terminate()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
