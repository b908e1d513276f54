"""A loop of the worker: a thread that does one turn after another, rests between them, and survives failures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from models.running.metering import count_turn

log = structlog.get_logger(__name__)

LONGEST_REST = 30.0


class Loop(threading.Thread):
    """Repeats `turn` every `every` seconds, at once while it answers True (more to do), and when woken.

    A turn that fails is tried again after a rest that grows; it is logged at failures 1, 10, 100 ….
    """

    def __init__(
        self, name: str, turn: Callable[[], bool], *, every: float, longest_rest: float = LONGEST_REST
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._turn, self._every, self._longest_rest = turn, every, longest_rest
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._failures = 0

    def run(self) -> None:
        while not self._stopping.is_set():
            rest = self._one_turn()
            # A failing loop is not woken early: what it needs is down, and hammering would not help.
            (self._stopping if self._failures else self._woken).wait(rest)
            self._woken.clear()

    def wake(self) -> None:
        """Something happened that the loop waits for."""
        self._woken.set()

    def stop(self) -> None:
        """Let the current turn be the last."""
        self._stopping.set()
        self._woken.set()

    def stopped_within(self, seconds: float) -> bool:
        """Whether it has ended, waiting so long at most."""
        self.join(max(0.0, seconds))
        return not self.is_alive()

    def _one_turn(self) -> float:
        started = time.monotonic()
        try:
            more = self._turn()
        except Exception as error:  # noqa: BLE001 - a loop outlives whatever one turn meets
            count_turn(self.name, failed=True)
            return self._note_failure(error)
        count_turn(self.name, failed=False)
        if self._failures:
            log.info("loop works again", loop=self.name, failures=self._failures)
        self._failures = 0
        return 0.0 if more else max(0.0, self._every - (time.monotonic() - started))

    def _note_failure(self, error: Exception) -> float:
        self._failures += 1
        if self._failures == 10 ** (len(str(self._failures)) - 1):
            log.warning("loop fails", loop=self.name, failures=self._failures, exc_info=error)
        growing = max(self._every, 0.5) * 2.0 ** min(self._failures - 1, 6)
        return min(self._longest_rest, growing)
