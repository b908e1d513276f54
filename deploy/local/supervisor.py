"""The parent of all children: starts them, revives what dies, stops everything in reverse order."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from deploy.local.child_guard import Leash
from deploy.local.processes import Child

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
STEADY = 5.0
"""A child that has lived this long is not in a loop of crashes: its next failure counts as the first."""
WATCH_INTERVAL = 0.2


@dataclass(slots=True)
class Service:
    """A child with its way to start and to say that it is ready.

    `repair` is asked before it is started again; it is told how often in a row the child has failed.
    Services of one wave stop together, the highest wave first, and have `grace` seconds before they are killed.
    """

    name: str
    child: Child
    start: Callable[[], None]
    wait_ready: Callable[[], None]
    wave: int
    grace: float
    repair: Callable[[int], None] | None = None
    failures: int = 0
    revive_at: float = field(default=0.0)


class Supervisor:
    """Leaving the context stops everything."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._services: list[Service] = []
        self._leash = Leash()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._leash.close()

    @property
    def pids(self) -> dict[str, int]:
        return {"supervisor": os.getpid(), **{service.name: service.child.pid for service in self._services}}

    def start(self, service: Service) -> None:
        self._services.append(service)
        self._start(service)

    def restart(self, name: str) -> None:
        """Start a dead service again at once."""
        service = next(service for service in self._services if service.name == name)
        service.child.wait_stopped(timeout=0)
        self._leash.release(service.child.pid)
        self._start(service)

    def revive(self) -> bool:
        """Start again what has died, after a pause that grows with each failure. True when something was started."""
        revived = [service for service in self._services if not service.child.running and self._is_due(service)]
        for service in revived:
            if service.repair:
                service.repair(service.failures)
            self._start(service)
        return bool(revived)

    def stop(self) -> None:
        for wave in sorted({service.wave for service in self._services}, reverse=True):
            members = [service for service in self._services if service.wave == wave]
            for service in members:
                service.child.ask_to_stop()
            until = time.monotonic() + max(service.grace for service in members)
            for service in members:
                service.child.wait_stopped(timeout=max(0.0, until - time.monotonic()))
                self._leash.release(service.child.pid)
        self._services.clear()

    def _start(self, service: Service) -> None:
        service.revive_at = 0.0
        service.start()
        self._leash.hold(service.child.pid, service.child.command.stop_signal)

    def _is_due(self, service: Service) -> bool:
        now = time.monotonic()
        if not service.revive_at:
            self._bury(service, now)
        return now >= service.revive_at

    def _bury(self, service: Service, now: float) -> None:
        """End what the dead child has left behind, and set the time of its next start."""
        service.child.wait_stopped(timeout=0)
        self._leash.release(service.child.pid)
        service.failures = 1 if service.child.age > STEADY else service.failures + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (service.failures - 1))
        service.revive_at = now + pause
        self._say(f"{service.name} has ended; starting it again in {pause:g} s. See {service.child.command.log}")
