"""K1: the worker is killed again and again, each time a moment after it has begun to work."""

from __future__ import annotations

from pathlib import Path

from tests.faults.nemesis import Plan
from tests.faults.scenario import Outcome
from tests.faults.trial import Trial, kill_and_judge

PLAN = Plan({"worker": 1}, pause=(0.3, 2.5), kills=60, seconds=900.0, wait_back=20.0)


def run(home: Path, seed: int) -> Outcome:
    """60 kills under load."""
    return kill_and_judge(Trial(home), PLAN, seed, backlog_within=20.0)
