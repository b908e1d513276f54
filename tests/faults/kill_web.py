"""K2: one of the web's own workers is killed, and now and then their master."""

from __future__ import annotations

from pathlib import Path

from tests.faults.nemesis import Plan
from tests.faults.scenario import Outcome
from tests.faults.trial import Trial, kill_and_judge

PLAN = Plan({"web worker": 4, "web": 1}, pause=(0.3, 2.5), kills=40, seconds=600.0, wait_back=20.0)


def run(home: Path, seed: int) -> Outcome:
    """40 kills under load."""
    return kill_and_judge(Trial(home), PLAN, seed)
