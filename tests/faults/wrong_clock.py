"""A process with a wrong clock: the environment that gives it one, and what Python needs to live with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path

LIBRARY = "libfaketime.so.1"
PLACES = ("/usr/lib", "/usr/local/lib")
SKEW = "FAKETIME"


def find_library() -> Path | None:
    """Where the library is that gives a process another clock."""
    found = (path for place in PLACES for path in Path(place).glob(f"**/{LIBRARY}"))
    return next(found, None)


def clock(library: Path, ahead: int) -> dict[str, str]:
    """The environment of a process whose clock is ahead by so many seconds.

    The times of files stay right: gunicorn keeps a stop watch's time in one. The stop watch stays right too: with a
    shifted one a thread that waits for a second, as every loop of the worker does, is never woken.
    """
    return {"LD_PRELOAD": str(library), SKEW: f"{ahead:+d}", "NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def mend_sleep(environment: Mapping[str, str]) -> None:
    """Under a wrong clock with a right stop watch `time.sleep` fails (`EINVAL`), and waiting for nothing works."""

    def sleep(seconds: float) -> None:
        threading.Event().wait(seconds)

    if SKEW in environment:
        vars(time)["sleep"] = sleep
