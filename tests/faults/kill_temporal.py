"""K4: Temporal is killed; it starts again after a moment."""

from __future__ import annotations

from pathlib import Path

from tests.faults.nemesis import Plan
from tests.faults.scenario import Outcome
from tests.faults.trial import Trial, kill_and_judge

PLAN = Plan({"temporal": 1}, pause=(0.5, 3.0), kills=40, seconds=900.0, wait_back=30.0)


def run(home: Path, seed: int) -> Outcome:
    """40 kills under load."""
    return kill_and_judge(Trial(home), PLAN, seed)
