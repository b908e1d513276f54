"""Who runs in a data folder: a lock that dies with its holder, and a file that says where the running stack is."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from deploy.local.privacy import keep_private
from deploy.local.processes import StackError
from deploy.local.secrets import write_private
from deploy.local.unprivileged import leave_root

PATIENCE = 1.0


class Lease:
    """The right of one supervisor to a data folder, held while the context lasts."""

    def __init__(self, home: Path) -> None:
        self._home, self._run = home, home / "run"
        self._lock = -1

    def __enter__(self) -> Self:
        keep_private(self._home, passable=leave_root().user is not None)
        self._run.mkdir(exist_ok=True, mode=0o700)
        self._lock = os.open(self._run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        until = time.monotonic() + PATIENCE
        while not _take(self._lock, fcntl.LOCK_EX):
            if time.monotonic() > until:
                os.close(self._lock)
                raise StackError(_taken(self._run))
            time.sleep(0.05)
        (self._run / "stack.json").unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        (self._run / "stack.json").unlink(missing_ok=True)
        os.close(self._lock)

    def publish(self, stack: Mapping[str, object]) -> None:
        """Say where the stack is, to this folder's owner only."""
        write_private(self._run / "stack.json", json.dumps(stack, indent=2))


def running_stack(home: Path) -> dict[str, object] | None:
    """What the stack that runs in this folder has published; None when none runs or it is still starting."""
    run = home / "run"
    if not (run / "lock").exists() or not _is_held(run / "lock"):
        return None
    try:
        published = json.loads((run / "stack.json").read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        published = None
    if not isinstance(published, dict):
        raise StackError(f"{run / 'stack.json'} is cut or not readable. Stop the stack and start it again.")
    return published


def _is_held(lock: Path) -> bool:
    descriptor = os.open(lock, os.O_RDONLY)
    try:
        return not _take(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _take(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _taken(run: Path) -> str:
    published = run / "stack.json"
    try:
        where = json.loads(published.read_text())["CVMS_URL"]
    except (OSError, ValueError, TypeError, KeyError):
        where = ""
    at = f" at {where}" if where else ""
    return f"A stack already runs{at} with the data in {run.parent}. Stop it first, or set CVMS_HOME to another folder."
