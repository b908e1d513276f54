"""Facts in memory: what an enrollment's activities find and do, without a database, for tests of pure process logic."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio import activity
from temporalio.exceptions import ApplicationError

from models.domain.core.process_steps import CLOSE_PROCESS, READ_EVENTS, SUPERSEDED, StepRequest, StepResult, Wake
from models.domain.core.processes import ProcessEvent, ProcessEventKind, ProcessRef
from models.domain.enrollment.kinds import ProcessKind
from models.domain.enrollment.lifecycle import NextStep

AFTER = {
    "enrollment_send_back": (NextStep.SEND_BACK, NextStep.GATHER),
    "enrollment_activate_provider": (NextStep.ACTIVATE, NextStep.FINISH),
    "enrollment_deny": (NextStep.DENY, NextStep.FINISH),
    "enrollment_clear_away": (NextStep.CLEAR_AWAY, NextStep.FINISH),
}
"""What an effect turns the next step into, where the facts ask for it."""
ASKS_PEOPLE = {
    NextStep.GATHER: "enrollment_gather_application",
    NextStep.REVIEW: "enrollment_request_review",
    NextStep.APPROVE: "enrollment_request_approval",
}
LOOK = "enrollment_look"
"""A look asks people at once for what the stage wants of them."""


@dataclass
class Facts:
    """One enrollment as its process sees it. `log` holds what was done, in order."""

    ref: ProcessRef = field(
        default_factory=lambda: ProcessRef(str(uuid4()), ProcessKind.PROVIDER_ENROLLMENT, str(uuid4()), 1)
    )
    step: NextStep = NextStep.GATHER
    news: list[ProcessEvent] = field(default_factory=list)
    processed: int = 0
    open: bool = True
    log: list[str] = field(default_factory=list)
    wakes: list[Wake] = field(default_factory=list)
    fired_at: dict[str, datetime] = field(default_factory=dict)
    plan: dict[str, dict[str, timedelta]] = field(default_factory=dict)
    before: Callable[[str, StepRequest], None] = lambda _name, _turn: None
    guard: threading.RLock = field(default_factory=threading.RLock)

    def publish(self, kind: ProcessEventKind, outcome: str | None = None, step: NextStep | None = None) -> ProcessEvent:
        """A person's transaction: the facts change, and the process is told."""
        with self.guard:
            if step is not None:
                self.step = step
            self.news.append(ProcessEvent(len(self.news) + 1, kind, {}, outcome))
            return self.news[-1]

    def activities(self) -> list[Callable[..., Any]]:
        """Activities under the names of the real ones."""
        names = (LOOK, *ASKS_PEOPLE.values(), *AFTER, "enrollment_chase")
        return [self._effect(name) for name in names] + [self._read_news(), self._close()]

    def done(self, name: str) -> int:
        """How often an activity was done."""
        return self.log.count(name)

    def _effect(self, name: str) -> Callable[[StepRequest], StepResult]:
        @activity.defn(name=name)
        def effect(turn: StepRequest) -> StepResult:
            with self.guard:
                self.before(name, turn)
                self._refuse_older(turn)
                self.log.append(name)
                if name == LOOK and self.step in ASKS_PEOPLE:
                    self._ask_people(ASKS_PEOPLE[self.step], turn)
                asked_for, then = AFTER.get(name, (None, None))
                if then is not None and self.step is asked_for:
                    self.step = then
                self._keep_deadlines(name, turn)
                self.processed = max(self.processed, min(turn.heard, len(self.news)))
                wake = min(self.wakes, key=lambda wake: wake.due_at, default=None)
                return StepResult(self.step, wake, self.processed)

        return effect

    def _ask_people(self, name: str, turn: StepRequest) -> None:
        self.before(name, turn)
        self.log.append(name)
        self._keep_deadlines(name, turn)

    def _keep_deadlines(self, name: str, turn: StepRequest) -> None:
        if turn.deadline_id is not None:
            fired = [wake for wake in self.wakes if wake.deadline_id == turn.deadline_id]
            self.wakes = [wake for wake in self.wakes if wake not in fired]
            self.fired_at |= {wake.kind: turn.as_of for wake in fired}
        for kind, after in self.plan.pop(name, {}).items():
            self.wakes.append(Wake(str(uuid4()), kind, turn.as_of + after))

    def _refuse_older(self, turn: StepRequest) -> None:
        if turn.ref.generation != self.ref.generation or not self.open:
            raise ApplicationError(SUPERSEDED, type=SUPERSEDED, non_retryable=True)

    def _read_news(self) -> Callable[[StepRequest], list[ProcessEvent]]:
        @activity.defn(name=READ_EVENTS)
        def read_events(turn: StepRequest) -> list[ProcessEvent]:
            with self.guard:
                self.log.append(READ_EVENTS)
                return [piece for piece in self.news if piece.number > turn.heard][:100]

        return read_events

    def _close(self) -> Callable[[StepRequest], list[ProcessEvent]]:
        @activity.defn(name=CLOSE_PROCESS)
        def close(turn: StepRequest) -> list[ProcessEvent]:
            with self.guard:
                self.before(CLOSE_PROCESS, turn)
                self._refuse_older(turn)
                self.log.append(CLOSE_PROCESS)
                self.processed = max(self.processed, turn.heard)
                rest = [piece for piece in self.news if piece.number > self.processed]
                self.open = bool(rest)
                return rest

        return close
