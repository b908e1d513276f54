"""Gathers canaries while a run goes on: much that opens something stands in the facts for a moment only."""

from __future__ import annotations

import threading
from collections import defaultdict
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from tests.canaries.columns import Column, of_class
from tests.canaries.values import canaries_in, filled

PAUSE = 0.5
CLASSES = ("phi", "pii", "secret")
PASSING = frozenset({("sessions", "challenge")})
"""What stands there between two requests only, too short to be met for certain."""


class Collector(threading.Thread):
    """`found` has the canaries of each class; `empty` the columns that never held anything so far."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(daemon=True)
        self._engine, self._over = engine, threading.Event()
        self.found: dict[str, set[str]] = defaultdict(set)
        self.empty: set[Column] = set(of_class(*CLASSES)) - PASSING

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(PAUSE):
            self._look()
        self._look()

    def _look(self) -> None:
        for name in CLASSES:
            self.found[name] |= canaries_in(self._engine, of_class(name))
        self.empty -= filled(self._engine, self.empty)
