"""What goes wrong, and when: a seeded schedule of kills over the time of a run."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.faults.recovery import RecoveryClock
from tests.faults.stack import FaultStack

TEMPORAL_AWAY = 60.0
"""N1: how long Temporal is away once in a run."""
KILLABLE = ("worker", "web", "postgres", "temporal")
ALL = "all at once"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is killed how often: weights by target, the pause between two kills in seconds, and when it is enough.

    Targets are the parts, `web worker` (one of the web's own) and `all at once`. `wait_back` lets every kill hit
    a product that had come back from the one before, for so many seconds at most.
    """

    targets: Mapping[str, int]
    pause: tuple[float, float] = (2.0, 6.0)
    kills: int | None = None
    seconds: float = 300.0
    wait_back: float = 0.0
    temporal_away: bool = False


@dataclass
class Tally:
    """What was done."""

    kills: int = 0
    last_kill_at: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        self.kills += 1
        self.last_kill_at = time.time()
        self.kinds[what] = self.kinds.get(what, 0) + 1


class Nemesis(threading.Thread):
    """Kills as planned (K1–K5) and, where that is planned, takes Temporal away for a minute (N1)."""

    def __init__(self, stack: FaultStack, plan: Plan, clock: RecoveryClock, seed: int) -> None:
        super().__init__(daemon=True)
        self._stack, self._plan, self._clock = stack, plan, clock
        self._random = random.Random(seed)  # a schedule, not a secret
        self._temporal_back_at = 0.0
        self.tally = Tally()

    def run(self) -> None:
        plan, began = self._plan, time.monotonic()
        away_at = began + plan.seconds * 0.35 if plan.temporal_away else 0.0
        while time.monotonic() - began < plan.seconds and (plan.kills is None or self.tally.kills < plan.kills):
            time.sleep(self._random.uniform(*plan.pause))
            if away_at and time.monotonic() > away_at:
                away_at = 0.0
                self._take_temporal_away()
            self._bring_temporal_back()
            self._strike()
        self._temporal_back_at = 0.0
        self._stack.let_go("temporal")

    def _take_temporal_away(self) -> None:
        self._temporal_back_at = time.monotonic() + min(TEMPORAL_AWAY, self._plan.seconds / 3)
        self._stack.hold("temporal")
        self.tally.count("temporal away")

    def _bring_temporal_back(self) -> None:
        if self._temporal_back_at and time.monotonic() > self._temporal_back_at:
            self._temporal_back_at = 0.0
            self._stack.let_go("temporal")

    def _strike(self) -> None:
        targets = self._plan.targets
        what = self._random.choices(list(targets), list(targets.values()))[0]
        if self._temporal_back_at and what in ("temporal", ALL):
            what = "worker"
        at = time.monotonic()
        try:
            self._kill(what)
        except ProcessLookupError:
            return
        self.tally.count(what)
        self._clock.struck(what, at)
        if self._plan.wait_back and not self._clock.wait_back(what, self._plan.wait_back):
            self._clock.too_late.append(f"{what} was not back {self._plan.wait_back:.0f} s after it was killed")

    def _kill(self, what: str) -> None:
        if what == ALL:
            self._stack.kill_all(KILLABLE, self._random)
        elif what == "web worker":
            self._stack.kill_web_worker()
        else:
            self._stack.kill(what)
