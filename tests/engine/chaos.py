"""Failures by seed around every activity: before the effect, and after its commit."""

from __future__ import annotations

import random
import threading
from typing import Any

from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor


class Chaos(Interceptor):
    """Raises in a third of the tries; what it did is counted in `raised`."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.guard = threading.Lock()
        self.raised = {"before": 0, "after": 0}

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Raising(next, self)

    def strike(self, moment: str) -> None:
        with self.guard:
            if self.random.random() < 0.33:
                self.raised[moment] += 1
                raise ConnectionError(moment)


class _Raising(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, chaos: Chaos) -> None:
        super().__init__(inner)
        self.chaos = chaos

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        self.chaos.strike("before")
        result = await super().execute_activity(input)
        self.chaos.strike("after")
        return result
