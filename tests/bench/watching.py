"""Waits for a row that somebody else writes, and sees it within a millisecond or so."""

from __future__ import annotations

import time
from typing import Self

import psycopg2

LOOK_EVERY = 0.001
PATIENCE = 30.0


class Watcher:
    """One connection that looks for rows."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg2.connect(url)
        self._connection.autocommit = True
        self._cursor = self._connection.cursor()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def wait_for(self, question: str, *values: object) -> None:
        """Return when the question finds a row; raises `TimeoutError` when it does not."""
        until = time.monotonic() + PATIENCE
        while not self._finds(question, values):
            if time.monotonic() > until:
                raise TimeoutError(f"no row within {PATIENCE:.0f} s")
            time.sleep(LOOK_EVERY)

    def _finds(self, question: str, values: tuple[object, ...]) -> bool:
        self._cursor.execute(question, values)
        return self._cursor.fetchone() is not None
