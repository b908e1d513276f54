"""One child process of the stack: started, watched, stopped with everything it has started itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from deploy.local.environments import without_ours
from deploy.local.privacy import PRIVATE_UMASK

POLL = 0.02


class StackError(Exception):
    """The stack cannot start; the message is one plain line for a person."""


@dataclass(frozen=True, slots=True)
class Command:
    """How a child is started and how it wants to be stopped.

    `leave_root` comes before everything else on the command line; `environment` is added to what is not a setting
    of ours. Whatever it writes is its owner's alone.
    """

    name: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    folder: Path | None = None
    leave_root: Sequence[str] = ()
    user: str | None = None


class Child:
    """A running command. Its process group dies with it."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.started_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def age(self) -> float:
        """Seconds since the last start."""
        return time.monotonic() - self.started_at

    def start(self) -> None:
        command = self.command
        with open_log(command.log) as log:
            self._process = subprocess.Popen(
                [*command.leave_root, *die_with_parent(command.stop_signal), *command.arguments],
                env={**without_ours(os.environ), **command.environment},
                cwd=command.folder,
                user=command.user,
                umask=PRIVATE_UMASK,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def wait_ready(self, is_ready: Callable[[], bool], *, timeout: float) -> None:
        """Return when ready; raise `StackError` with the end of the log when the child dies or takes too long."""
        until = time.monotonic() + timeout
        while not is_ready():
            if not self.running:
                raise StackError(f"{self.command.name} ended while starting. {self.last_words()}")
            if time.monotonic() > until:
                raise StackError(f"{self.command.name} is not ready after {timeout:.0f} seconds. {self.last_words()}")
            time.sleep(POLL)

    def last_words(self) -> str:
        lines = self.command.log.read_text(errors="replace").splitlines()
        return f"See {self.command.log}: {' | '.join(lines[-3:])}"

    def ask_to_stop(self) -> None:
        if self.running:
            os.kill(self.pid, self.command.stop_signal)

    def wait_stopped(self, *, timeout: float) -> None:
        """Wait for the end; what is left of the process group after that, or after the timeout, is killed."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self, *, timeout: float = 5.0) -> None:
        self.ask_to_stop()
        self.wait_stopped(timeout=timeout)


def open_log(file: Path) -> BinaryIO:
    """A log to add to, readable by its owner only."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def die_with_parent(sent: signal.Signals) -> list[str]:
    """The prefix that has the kernel send a signal to the child when the supervisor dies, where it can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", sent.name.removeprefix("SIG"), "--"] if setpriv else []
