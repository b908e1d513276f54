"""How many passwords are hashed at a time: a hash takes a core for a while, and pages need the cores too.

A slot is a locked file in a folder that the processes of one machine share. The kernel unlocks what a killed
process held.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from models.domain.identity.lockout import Braked

AT_ONCE_IN_A_PROCESS = 3
"""How many threads of a process hash or wait for a slot; one more is sent away at once."""
PATIENCE = 1.0
LOOK_AGAIN = 0.005
COME_BACK = timedelta(seconds=5)


@dataclass(slots=True)
class Slots:
    """Slots of one kind. `count` hashes at a time on the machine, of all processes that share the folder."""

    name: str
    count: int
    patience: float = PATIENCE
    folder: Path | None = None
    _here: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE_IN_A_PROCESS))

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a slot; raises `Braked` when there is none and none comes free soon."""
        if not self._here.acquire(blocking=False):
            raise _busy()
        try:
            held = self._lock(time.monotonic() + self.patience)
            try:
                yield
            finally:
                os.close(held)
        finally:
            self._here.release()

    def _lock(self, until: float) -> int:
        while True:
            for number in range(self.count):
                held = os.open(self._path(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(held)
                else:
                    return held
            if time.monotonic() > until:
                raise _busy()
            time.sleep(LOOK_AGAIN)

    def _path(self, number: int) -> Path:
        folder = self.folder or Path(tempfile.gettempdir()) / f"cvms-hashing-{os.getuid()}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / f"{self.name}-{number}.lock"


def share_slots(home: Path) -> None:
    """Let all processes of one data folder count together."""
    for slots in (FOR_STRANGERS, FOR_OWNERS):
        slots.folder = home / "hashing"


def _busy() -> Braked:
    return Braked("busy_signing_in", "Many people are signing in right now. Try again in a few seconds.", COME_BACK)


FOR_STRANGERS = Slots("strangers", count=max(1, len(os.sched_getaffinity(0)) // 2))
"""Half of the cores at most."""
FOR_OWNERS = Slots("owners", count=1, patience=10 * PATIENCE)
"""For a browser that has signed in to the account before, and for whoever is signed in or holds a link: a storm of
strangers never takes it from them (P27)."""
