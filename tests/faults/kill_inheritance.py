"""Where the workers of a kill run come from: a process that has everything loaded and forks the next when one has died.

A worker takes seconds to load, and in this run some sixty of them die.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.faults.kill_switch import FOLDER

ENDED = "ended"
"""Beside the points: each worker that has ended, with its exit status."""

STOPPING = (signal.SIGTERM, signal.SIGINT)
"""They wait while a worker is forked: it is theirs from its first moment."""


class Nursery:
    """Raises one worker after the other until it is told to stop."""

    def __init__(self, home: Path, work: Callable[[], int]) -> None:
        self._log, self._work = home / FOLDER / ENDED, work
        self._worker = 0
        self._stopping = False

    def run(self) -> None:
        for number in STOPPING:
            signal.signal(number, self._stop)
        while not self._stopping:
            self._raise_one()

    def _raise_one(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        self._worker = os.fork()
        if not self._worker:
            for number in STOPPING:
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        if not self._worker:
            os._exit(self._work())
        _, status = os.waitpid(self._worker, 0)
        with self._log.open("a") as log:
            log.write(f"{self._worker} {os.waitstatus_to_exitcode(status)}\n")

    def _stop(self, *_: object) -> None:
        self._stopping = True
        if self._worker:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._worker, signal.SIGTERM)


def ended_workers(home: Path) -> dict[int, int]:
    """The exit status of every worker that has ended, by its process id."""
    try:
        lines = (home / FOLDER / ENDED).read_text().splitlines()
    except FileNotFoundError:
        return {}
    return {int(pid): int(status) for pid, status in map(str.split, lines)}
