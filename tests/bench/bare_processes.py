"""The bare baseline of the processes' measures: workflows that do nothing but run an activity with one INSERT.

`python -m tests.bench.bare_processes` is their worker, made like the product's own.
"""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

from sqlalchemy import text
from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from models.postgres.database import make_engine
    from workflows.engine.client import connect_when_up
    from workflows.engine.converter import converter
    from workflows.engine.worker import ACTIVITIES_AT_ONCE, make_worker

QUEUE = "bench-bare"
NOTES = "CREATE TABLE bench_notes (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())"
LIMIT = timedelta(seconds=5)

_engine = make_engine(os.environ.get("DATABASE_URL", "postgresql://"), pool_size=ACTIVITIES_AT_ONCE)


@activity.defn
def note(what: str) -> None:
    """One row."""
    with _engine.begin() as connection:
        connection.execute(text("INSERT INTO bench_notes (id) VALUES (:id) ON CONFLICT DO NOTHING"), {"id": what})


@workflow.defn
class OneActivity:
    """Starts, runs one activity, ends."""

    @workflow.run
    async def run(self, what: str) -> None:
        await workflow.execute_activity(note, what, start_to_close_timeout=LIMIT)


@workflow.defn
class Bell:
    """Runs one activity for each signal, so many times."""

    def __init__(self) -> None:
        self._rung: list[str] = []

    @workflow.signal
    def ring(self, what: str) -> None:
        self._rung.append(what)

    @workflow.run
    async def run(self, times: int) -> None:
        for _ in range(times):
            await workflow.wait_condition(lambda: bool(self._rung))
            await workflow.execute_activity(note, self._rung.pop(0), start_to_close_timeout=LIMIT)


async def main() -> None:
    """Work until killed."""
    client = await connect_when_up(converter())
    await make_worker(client, workflows=[OneActivity, Bell], activities=[note], task_queue=QUEUE).run()


if __name__ == "__main__":
    asyncio.run(main())
