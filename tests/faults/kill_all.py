"""K5: worker, web, PostgreSQL and Temporal are killed in one instant and start again in random order."""

from __future__ import annotations

from pathlib import Path

from tests.faults.nemesis import ALL, Plan
from tests.faults.scenario import Outcome
from tests.faults.trial import Trial, kill_and_judge

PLAN = Plan({ALL: 1}, pause=(0.5, 4.0), kills=20, seconds=1500.0, wait_back=60.0)


def run(home: Path, seed: int) -> Outcome:
    """20 kills under load."""
    return kill_and_judge(Trial(home), PLAN, seed)
