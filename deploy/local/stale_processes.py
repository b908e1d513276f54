"""A server of an earlier run, found by the lock file in its data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from deploy.local.processes import StackError

PATIENCE = 10.0


def end_leftover(lock: Path, *, data: Path) -> None:
    """Stop the PostgreSQL that still runs on the data; forget a lock whose number another program has now.

    The lock of a server that is dead stays: PostgreSQL itself makes sure that no backend of it is left.
    """
    pid = _pid_in(lock)
    if pid is None or not _alive(pid):
        return
    if str(data) in _command_line(pid):
        _stop(pid)
    else:
        lock.unlink()


def _pid_in(lock: Path) -> int | None:
    first = lock.read_text().partition("\n")[0].strip() if lock.exists() else ""
    return int(first) if first.isdecimal() else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_line(pid: int) -> str:
    shown = Path(f"/proc/{pid}/cmdline")
    if shown.exists():
        return shown.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    asked = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGINT)
    until = time.monotonic() + PATIENCE
    while _alive(pid):
        if time.monotonic() > until:
            raise StackError(f"A PostgreSQL of an earlier run (process {pid}) does not stop.")
        time.sleep(0.05)
