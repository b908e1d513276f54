"""N3: PostgreSQL is refused, then frozen, each for a minute under load. Every answer is honest, and soon there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import Engine

from tests.faults.browser import read_page
from tests.faults.clients import World
from tests.faults.recovery import p95
from tests.faults.scenario import Outcome
from tests.faults.stack import FaultStack
from tests.faults.trial import Trial, tell

WARM_UP, AWAY = 10.0, 60.0
ANSWER_WITHIN, BACK_WITHIN = 3.0, 5.0
BACK_WITHIN_A_RESTART = 10.0
"""A PostgreSQL that was killed has to recover first (P6)."""


@dataclass
class Probe:
    """A person who presses a button again and again while PostgreSQL is away, and looks at the health pages."""

    base: str
    took: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.base, timeout=20)
        page = read_page(self._http.get("/enrollment/begin/details"))
        given = {"organization_name": "Probe", "name": "Pia Probe", "email": "pia@probe.example.org"}
        self._data = page.form("begin/details").values | given

    def look(self) -> None:
        """One round: an act, a page of the health of this process, a page of its readiness."""
        self._expect("an act", 503, lambda: self._http.post("/enrollment/begin/details", data=self._data))
        self._expect("readiness", 503, lambda: self._http.get("/healthz/ready"))
        self._expect("liveness", 200, lambda: self._http.get("/healthz/live"))

    def back_after(self, limit: float) -> float:
        """Seconds until the product is ready again; a finding when that takes too long."""
        began = time.monotonic()
        while time.monotonic() - began < 60:
            try:
                if self._http.get("/healthz/ready").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        took = time.monotonic() - began
        if took > limit:
            self.problems.append(f"ready {took:.1f} s after PostgreSQL was let go, {limit:.0f} allowed")
        return took

    def _expect(self, what: str, status: int, ask: Callable[[], httpx.Response]) -> None:
        began = time.monotonic()
        try:
            answer = ask()
        except httpx.TransportError as problem:
            self.problems.append(f"{what}: {type(problem).__name__} after {time.monotonic() - began:.1f} s")
            return
        self.took.append(time.monotonic() - began)
        if answer.status_code != status:
            self.problems.append(f"{what} was answered {answer.status_code}, not {status}")
        if what == "an act" and status == 503 and "Retry-After" not in answer.headers:
            self.problems.append(f"{what} was refused without Retry-After")
        if self.took[-1] > ANSWER_WITHIN:
            self.problems.append(f"{what} was answered after {self.took[-1]:.1f} s")


def run(home: Path, seed: int) -> Outcome:
    """Refuse it once and freeze it once; nothing here is left to chance."""
    probes: list[Probe] = []
    back: list[float] = []

    def harm(stack: FaultStack, _world: World, _engine: Engine) -> None:
        time.sleep(WARM_UP)
        probes.append(Probe(stack.web_url))
        stack.hold("postgres")
        keep_looking(probes[0])
        stack.let_go("postgres")
        back.append(probes[0].back_after(BACK_WITHIN_A_RESTART))
        time.sleep(WARM_UP)
        stack.freeze("postgres")
        keep_looking(probes[0])
        stack.thaw("postgres")
        back.append(probes[0].back_after(BACK_WITHIN))

    world, verdict, calm = Trial(home).run(harm)
    took = probes[0].took
    figures = f"seed={seed} answers={len(took)} answer_p95/max={p95(took):.2f}/{max(took, default=0.0):.2f}s "
    figures += f"back_from_kill={back[0]:.1f}s back_from_freeze={back[1]:.1f}s {tell(world, verdict, calm)}"
    return Outcome(figures, [*dict.fromkeys(probes[0].problems), *verdict.problems])


def keep_looking(probe: Probe) -> None:
    """Look for a minute."""
    until = time.monotonic() + AWAY
    time.sleep(0.5)  # what was on its way is not an answer to the harm
    while time.monotonic() < until - ANSWER_WITHIN:
        probe.look()
        time.sleep(0.2)
    time.sleep(max(0.0, until - time.monotonic()))
