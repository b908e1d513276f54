"""The people of a process test: an enrollment with facts in memory, and what is done to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.domain.enrollment import NextStep
from models.domain.processes import News, NewsKind, ProcessStart
from models.domain.tasks import Outcome
from tests.temporal import Laboratory, eventually
from tests.workflows.facts import Facts
from workflows.enrollment import AFTER_OUTCOME


class Enrollment:
    """A living enrollment: its facts, its workflow, and the people who act."""

    def __init__(self, laboratory: Laboratory, facts: Facts, queue: str) -> None:
        self.laboratory, self.facts, self.queue = laboratory, facts, queue
        self.handle: Any = None

    def begin(self, *, heard: int = 0) -> None:
        """The relay's first ring."""
        if not self.facts.news:
            self.facts.tell(NewsKind.STARTED)
        start = ProcessStart(self.facts.ref, heard)
        self.handle = self.laboratory.start(start, self.facts.news[heard:], self.queue)

    def ring(self, news: Sequence[News]) -> None:
        self.laboratory.do(self.handle.signal("ring", list(news)))

    def tell(self, kind: NewsKind, outcome: str | None = None, step: NextStep | None = None) -> None:
        self.ring([self.facts.tell(kind, outcome, step)])

    def decide(self, outcome: Outcome) -> None:
        """A person decides the open task: the facts and the news are one transaction."""
        self.tell(NewsKind.TASK_DECIDED, outcome, AFTER_OUTCOME.get(outcome))

    def withdraw(self) -> None:
        self.tell(NewsKind.ENROLLMENT_WITHDRAWN, step=NextStep.CLEAR_AWAY)

    def waits_after(self, name: str, times: int = 1) -> None:
        """Wait until an effect was done so often and everything told was heard."""
        eventually(lambda: self.facts.done(name) >= times)
        eventually(lambda: self.facts.heard == len(self.facts.news))

    def ends(self) -> None:
        """The workflow completes, and its row is closed."""
        self.laboratory.do(self.handle.result())
        assert not self.facts.open

    def passes(self, **amount: float) -> None:
        self.laboratory.pass_time(self.handle, **amount)

    def run_id(self) -> str:
        """The run that the process is in now."""
        handle = self.laboratory.client.get_workflow_handle(self.handle.id)
        return str(self.laboratory.do(handle.describe()).run_id)
