"""A living enrollment: people act in PostgreSQL, a real worker and a real relay do the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

import activities
import workflows
from activities.core.loops.loop import Loop
from activities.core.runtime import use_engine
from models.domain.core.processes import WaitingFor, workflow_id
from models.domain.enrollment.lifecycle import NextStep
from models.queries.enrollment.process import next_step_of
from models.tables.core.processes import Process
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.temporal import TimeSkipping, eventually
from workflows.engine.discovery import activities_in, workflows_in
from workflows.engine.relay import Relay
from workflows.engine.signals import SignalSender


class LivingStory(EnrollmentStory):
    """The same story, but its process is the real one: `process` waits until it has taken everything in."""

    def process(self, times: int = 1) -> NextStep:
        eventually(self.quiet, within=20)
        return self.read(lambda session: next_step_of(session, self.id))

    def quiet(self) -> bool:
        row = self.row()
        return row.published == row.processed and row.waiting_for != WaitingFor.PROCESS

    def row(self) -> Process:
        statement = select(Process).where(Process.entity_id == self.id)
        return self.read(lambda session: session.execute(statement).scalar_one())

    def workflow_id(self) -> str:
        row = self.row()
        return workflow_id(row.kind, str(row.entity_id), row.generation)


@contextmanager
def relaying(time_skipping: TimeSkipping, database: Database) -> Iterator[Loop]:
    """A relay in its loop."""
    relay = Relay(database.worker_engine, SignalSender(time_skipping.client, time_skipping.loop))
    loop = Loop("relay", relay.round, every=0.05, longest_rest=0.5)
    loop.start()
    try:
        yield loop
    finally:
        loop.stop()
        assert loop.stopped_within(10)
        relay.close()


@contextmanager
def alive(time_skipping: TimeSkipping, database: Database, **options: Any) -> Iterator[None]:
    """A worker with everything of the tree, and a relay."""
    use_engine(database.worker_engine)
    everything = {"workflows": workflows_in(workflows), "activities": activities_in(activities)}
    with time_skipping.working(**everything, **options), relaying(time_skipping, database):
        yield
