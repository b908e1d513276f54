"""What the bare workflows take on the Temporal of the run, seen from outside."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from temporalio.client import WorkflowHandle

from tests.bench.bare_processes import NOTES, QUEUE, Bell, OneActivity
from tests.bench.cases import wait_until
from tests.bench.stack import BenchStack
from tests.bench.watching import Watcher
from tests.database import Database
from tests.temporal import TimeSkipping

SEEN = "SELECT count(*) AS notes, extract(epoch FROM max(at) - min(at)) AS seconds FROM bench_notes WHERE id LIKE :name"
STARTS_AT_ONCE = 20


class BareTemporal:
    """Bare workflows, their worker started and stopped as a measure wants it."""

    def __init__(self, stack: BenchStack, database: Database) -> None:
        self._stack, self._database = stack, database
        self.time_skipping = TimeSkipping(stack.temporal.address)
        with database.owner_engine.begin() as connection:
            connection.execute(text(NOTES))
            connection.execute(text("GRANT SELECT, INSERT ON bench_notes TO cvms_app"))

    def round_trips(self, times: int) -> list[float]:
        """Seconds from a signal to the row that its activity writes, one after the other."""
        self._stack.bare_worker.start()
        bell = self._begin(Bell.run, times + 1)
        with Watcher(self._database.owner_url) as watcher:
            taken = [self._ring(bell, watcher) for _ in range(times + 1)]
        self._stack.bare_worker.stop()
        return taken[1:]

    def drain(self, many: int) -> float:
        """Start so many workflows without a worker, then the worker; the seconds from the first to the last row."""
        name = uuid4().hex
        self.time_skipping.do(self._start_all(name, many), limit=120)
        self._stack.bare_worker.start()
        wait_until(lambda: self._seen(name)[0] >= many)
        self._stack.bare_worker.stop()
        return self._seen(name)[1]

    def history(self, times: int) -> tuple[int, int]:
        """Events and bytes of one workflow with so many signals, each with its activity."""
        self._stack.bare_worker.start()
        bell = self._begin(Bell.run, times)
        with Watcher(self._database.owner_url) as watcher:
            for _ in range(times):
                self._ring(bell, watcher)
        self.time_skipping.do(bell.result())
        self._stack.bare_worker.stop()
        return size_of(self.time_skipping, bell)

    def _begin(self, run: Any, value: object) -> WorkflowHandle[Any, Any]:
        starting = self.time_skipping.client.start_workflow(run, value, id=f"bench-{uuid4().hex}", task_queue=QUEUE)
        handle: WorkflowHandle[Any, Any] = self.time_skipping.do(starting)
        return handle

    def _ring(self, bell: WorkflowHandle[Any, Any], watcher: Watcher) -> float:
        name = uuid4().hex
        begun = time.perf_counter()
        self.time_skipping.do(bell.signal(Bell.ring, name))
        watcher.wait_for("SELECT 1 FROM bench_notes WHERE id = %s", name)
        return time.perf_counter() - begun

    async def _start_all(self, name: str, many: int) -> None:
        free = asyncio.Semaphore(STARTS_AT_ONCE)

        async def start(number: int) -> None:
            async with free:
                own = f"{name}-{number}"
                await self.time_skipping.client.start_workflow(OneActivity.run, own, id=own, task_queue=QUEUE)

        await asyncio.gather(*(start(number) for number in range(many)))

    def _seen(self, name: str) -> tuple[int, float]:
        with self._database.owner_engine.connect() as connection:
            row = connection.execute(text(SEEN), {"name": f"{name}-%"}).one()
        return row.notes, float(row.seconds or 0)


def size_of(time_skipping: TimeSkipping, handle: WorkflowHandle[Any, Any]) -> tuple[int, int]:
    """How many events and bytes the history of a workflow has."""
    described = time_skipping.do(handle.describe())
    return described.history_length, described.raw_description.workflow_execution_info.history_size_bytes
