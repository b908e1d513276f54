"""N2: Temporal is frozen for a minute under load. No page waits for it, and none fails."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Engine

from tests.faults.clients import World
from tests.faults.recovery import p95
from tests.faults.scenario import Outcome
from tests.faults.stack import FaultStack
from tests.faults.trial import Trial, tell

WARM_UP, FROZEN = 10.0, 60.0
LONGEST_REQUEST = 2.0


def run(home: Path, seed: int) -> Outcome:
    """Freeze Temporal once; nothing here is left to chance."""
    spans: list[tuple[float, float]] = []

    def harm(stack: FaultStack, _world: World, _engine: Engine) -> None:
        time.sleep(WARM_UP)
        began = time.monotonic()
        stack.freeze("temporal")
        time.sleep(FROZEN)
        stack.thaw("temporal")
        spans.append((began, time.monotonic()))

    world, verdict, calm = Trial(home).run(harm)
    taken = world.journal.seconds_between(*spans[0])
    problems = list(verdict.problems)
    if not taken:
        problems.append("no request was answered while Temporal was frozen")
    if taken and max(taken) > LONGEST_REQUEST:
        problems.append(f"a request took {max(taken):.1f} s while Temporal was frozen")
    if failures := world.journal.count_unknown():
        problems.append(f"{failures} acts were not answered")
    slowest = f"{p95(taken):.2f}/{max(taken, default=0.0):.2f}s"
    return Outcome(
        f"seed={seed} requests={len(taken)} request_p95/max={slowest} {tell(world, verdict, calm)}", problems
    )
