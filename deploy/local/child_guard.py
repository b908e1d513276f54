"""A process that outlives a killed supervisor just long enough to end everything the supervisor had started.

It reads from the supervisor which process groups there are; when the supervisor is gone, the pipe ends, and so do they.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

GRACE = 3.0


class Leash:
    """The supervisor's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.child_guard"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def hold(self, group: int, stop_signal: signal.Signals) -> None:
        self._tell(f"{group} {stop_signal.value}")

    def release(self, group: int) -> None:
        self._tell(f"{group} 0")

    def close(self) -> None:
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()


def held_groups(lines: Iterable[str]) -> dict[int, int]:
    """The groups held when the lines end, each with the signal that stops it, in the order of their start."""
    held: dict[int, int] = {}
    for line in lines:
        group, stop_signal = (int(part) for part in line.split())
        held.pop(group, None)
        if stop_signal:
            held[group] = stop_signal
    return held


def end_groups(held: dict[int, int]) -> None:
    """Ask every group's leader to stop, the last started first; kill what is still there after the grace."""
    for group, stop_signal in reversed(held.items()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(group, stop_signal)
    until = time.monotonic() + GRACE
    while any(_exists(group) for group in held) and time.monotonic() < until:
        time.sleep(0.05)
    for group in held:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    end_groups(held_groups(sys.stdin))
