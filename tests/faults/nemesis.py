"""What goes wrong, and when: a seeded schedule of kills over the time of a run."""

from __future__ import annotations

import random
import threading
import time

from tests.faults.stack import FaultStack

TEMPORAL_AWAY = 60.0
"""N1: how long Temporal is away once in a run."""


class Nemesis(threading.Thread):
    """Kills the worker (K1), the web's workers and master (K2) and Temporal (K4), and takes Temporal away (N1)."""

    def __init__(self, stack: FaultStack, seed: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self._stack = stack
        self._random = random.Random(seed)  # a schedule, not a secret
        self._seconds = seconds
        self._over = threading.Event()
        self._temporal_back_at = 0.0
        self.kills = 0
        self.last_kill_at = 0.0
        self.kinds: dict[str, int] = {}

    def run(self) -> None:
        began = time.monotonic()
        away_at = began + self._seconds * 0.35
        while not self._over.is_set() and time.monotonic() - began < self._seconds:
            if away_at and time.monotonic() > away_at:
                away_at = 0.0
                self._take_temporal_away()
            self._bring_temporal_back()
            self._strike()
            self._over.wait(self._random.uniform(2.0, 6.0))
        self._temporal_back_at = 0.0
        self._stack.let_go("temporal")

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _take_temporal_away(self) -> None:
        self._temporal_back_at = time.monotonic() + min(TEMPORAL_AWAY, self._seconds / 3)
        self._stack.hold("temporal")
        self._count("temporal away")

    def _bring_temporal_back(self) -> None:
        if self._temporal_back_at and time.monotonic() > self._temporal_back_at:
            self._temporal_back_at = 0.0
            self._stack.let_go("temporal")

    def _strike(self) -> None:
        what = self._random.choices(["worker", "web worker", "web", "temporal"], [5, 4, 1, 2])[0]
        if what == "temporal" and self._temporal_back_at:
            what = "worker"
        try:
            if what == "web worker":
                self._stack.kill_web_worker()
            else:
                self._stack.kill(what)
        except (ProcessLookupError, OSError):
            return
        self._count(what)

    def _count(self, what: str) -> None:
        self.kills += 1
        self.last_kill_at = time.monotonic()
        self.kinds[what] = self.kinds.get(what, 0) + 1
