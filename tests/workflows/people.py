"""The people of a process test: an enrollment with facts in memory, and what is done to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.domain.core.processes import ProcessEvent, ProcessEventKind, ProcessStart
from models.domain.enrollment.kinds import EventKind, Outcome
from models.domain.enrollment.lifecycle import AFTER_OUTCOME, NextStep
from tests.temporal import TimeSkipping, eventually
from tests.workflows.facts import Facts


class Enrollment:
    """A living enrollment: its facts, its workflow, and the people who act."""

    def __init__(self, time_skipping: TimeSkipping, facts: Facts, queue: str) -> None:
        self.time_skipping, self.facts, self.queue = time_skipping, facts, queue
        self.handle: Any = None

    def begin(self, *, processed: int = 0) -> None:
        """The relay's first ring."""
        if not self.facts.news:
            self.facts.publish(ProcessEventKind.STARTED)
        start = ProcessStart(self.facts.ref, processed)
        self.handle = self.time_skipping.start(start, self.facts.news[processed:], self.queue)

    def ring(self, news: Sequence[ProcessEvent]) -> None:
        self.time_skipping.do(self.handle.signal("ring", list(news)))

    def publish(self, kind: ProcessEventKind, outcome: str | None = None, step: NextStep | None = None) -> None:
        self.ring([self.facts.publish(kind, outcome, step)])

    def decide(self, outcome: Outcome) -> None:
        """A person decides the open task: the facts and the news are one transaction."""
        self.publish(ProcessEventKind.TASK_DECIDED, outcome, AFTER_OUTCOME.get(outcome))

    def withdraw(self) -> None:
        self.publish(EventKind.ENROLLMENT_WITHDRAWN, step=NextStep.CLEAR_AWAY)

    def waits_after(self, name: str, times: int = 1) -> None:
        """Wait until an effect was done so often and everything told was heard."""
        eventually(lambda: self.facts.done(name) >= times)
        eventually(lambda: self.facts.processed == len(self.facts.news))

    def ends(self) -> None:
        """The workflow completes, and its row is closed."""
        self.time_skipping.do(self.handle.result())
        assert not self.facts.open

    def passes(self, **amount: float) -> None:
        self.time_skipping.pass_time(self.handle, **amount)

    def run_id(self) -> str:
        """The run that the process is in now."""
        handle = self.time_skipping.client.get_workflow_handle(self.handle.id)
        return str(self.time_skipping.do(handle.describe()).run_id)
