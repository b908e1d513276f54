"""`make faults`: kills real processes at random while seeded clients work, then judges. Exit status 0 when all held.

Settings by environment: FAULT_SEED, FAULT_SECONDS (300), MUTANT (a name of `mutants.py`).
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

from tests.faults.nemesis import ALL, Plan
from tests.faults.trial import Trial, kill_and_judge
from tests.terminal import say

LEAST_KILLS = 40
MIX = {"worker": 5, "web worker": 4, "web": 1, "temporal": 2, "postgres": 2, ALL: 1}


def main() -> int:
    """One run from start to verdict."""
    seed = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**6)))
    seconds = float(os.environ.get("FAULT_SECONDS", "300"))
    mutant = os.environ.get("MUTANT", "")
    home = Path(tempfile.mkdtemp(prefix="cvms-faults-"))
    say(f"seed={seed} seconds={seconds:.0f}" + (f" mutant={mutant}" if mutant else ""))
    plan = Plan(MIX, seconds=seconds, temporal_away=True)
    outcome, problems = kill_and_judge(Trial(home, mutant), plan, seed), []
    kills = int(outcome.figures.split()[0].removeprefix("kills="))
    if seconds >= 300 and kills < LEAST_KILLS:
        problems.append(f"only {kills} kills")
    for problem in [*outcome.problems, *problems]:
        say(f"PROBLEM {problem}")
    say(outcome.figures)
    if outcome.problems or problems:
        say(f"the journal and the logs are in {home}")
        return 1
    shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
