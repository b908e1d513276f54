"""Named points at which a process dies with status 137: `FAULT=name@n`, or a file that is laid down while it runs."""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

KILLED = 137
"""The exit status of a process that SIGKILL has ended, as a shell says it."""
FOLDER = "kill-points"
"""Where in `CVMS_HOME` points are armed, and where it is written which of them fired."""
POINT = re.compile(r"(?P<name>[a-z_]+(\.[a-z_]+)+)@(?P<n>[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Fault:
    """Die at the `n`-th passing of the point `name`."""

    name: str
    n: int

    def __str__(self) -> str:
        return f"{self.name}@{self.n}"


@dataclass(frozen=True, slots=True)
class Death:
    """A process that died at a point, and the act of a client that it was at, by the key of its form."""

    fault: str
    pid: int
    act: str = ""


def parse(text: str) -> Fault:
    """The fault that `name@n` asks for; `ValueError` for anything else."""
    found = POINT.fullmatch(text)
    if found is None:
        raise ValueError(f"FAULT must be name@n, as in tasks.claim.before_commit@1, and not {text!r}")
    return Fault(found["name"], int(found["n"]))


@dataclass
class Switch:
    """The points of one process. A fault of the environment fires once in a home, however often it is started again."""

    home: Path
    fault: Fault | None = None
    current_act: Callable[[], str] = str
    _passed: Counter[tuple[str, int]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pass_point(self, name: str) -> None:
        """Go by a point, or die there."""
        with self._lock:
            fault = self.fault
            if fault and fault.name == name and self._count(name, 0) == fault.n and str(fault) not in self.fired():
                self._die(fault)
            self._look_for_a_file(name)

    def arm(self, fault: Fault) -> None:
        """Arm a point in the processes that run now; the first that comes to its n-th passing dies."""
        armed = self._armed(fault.name)
        armed.parent.mkdir(parents=True, exist_ok=True)
        being_written = armed.with_suffix(".new")
        being_written.write_text(str(fault.n))
        being_written.replace(armed)

    def disarm(self, name: str) -> bool:
        """Take an armed point back; True when it was still there."""
        try:
            self._armed(name).unlink()
        except FileNotFoundError:
            return False
        return True

    def armed(self) -> list[str]:
        """The names of the points that wait for a process."""
        return sorted(file.name for file in (self.home / FOLDER / "armed").glob("*") if file.suffix != ".new")

    def fired(self) -> list[str]:
        """Every fault that has fired, in order, as `name@n`."""
        return [death.fault for death in self.deaths()]

    def deaths(self) -> list[Death]:
        """Every death at a point, in order."""
        try:
            lines = [line.split(" ") for line in self._log.read_text().splitlines()]
        except FileNotFoundError:
            return []
        return [Death(fault, int(pid), act) for fault, pid, act in lines]

    @property
    def _log(self) -> Path:
        return self.home / FOLDER / "fired"

    def _armed(self, name: str) -> Path:
        return self.home / FOLDER / "armed" / name

    def _count(self, name: str, arming: int) -> int:
        self._passed[name, arming] += 1
        return self._passed[name, arming]

    def _look_for_a_file(self, name: str) -> None:
        file = self._armed(name)
        try:
            n, arming = int(file.read_text()), file.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if self._count(name, arming) == n and self.disarm(name):
            self._die(Fault(name, n))

    def _die(self, fault: Fault) -> NoReturn:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("a") as log:
            log.write(f"{fault} {os.getpid()} {self.current_act()}\n")
        os._exit(KILLED)


def from_environment(environment: os._Environ[str] | dict[str, str]) -> Switch | None:
    """The switch that a process of a fault run gets; None when the run has no kill points."""
    home, wish = Path(environment.get("CVMS_HOME", ".")), environment.get("FAULT")
    if not wish and not (home / FOLDER).is_dir():
        return None
    return Switch(home, parse(wish) if wish else None)
