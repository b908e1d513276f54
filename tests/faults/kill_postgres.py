"""K3: PostgreSQL is killed with all its children in the midst of commits. It runs durable: fsync is on."""

from __future__ import annotations

from pathlib import Path

from tests.faults.nemesis import Plan
from tests.faults.scenario import Outcome
from tests.faults.trial import Trial, kill_and_judge

PLAN = Plan({"postgres": 1}, pause=(0.5, 3.0), kills=40, seconds=900.0, wait_back=20.0)


def run(home: Path, seed: int) -> Outcome:
    """40 kills under load."""
    return kill_and_judge(Trial(home), PLAN, seed)
