"""`make fault-mutants`: one short run without a mutant, which must hold, and one of each mutant, which must not."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.mutants import MUTANTS
from tests.faults.nemesis import Plan
from tests.faults.scenario import Outcome
from tests.faults.trial import Trial, kill_and_judge
from tests.terminal import say

SECONDS = 30.0
LONGEST_STORY = 90.0
NO_MUTANT = "none"
PLANS = {
    NO_MUTANT: {"worker": 2, "temporal": 2, "postgres": 2},
    "no-news": {"worker": 1},
    "no-cause-key": {"web worker": 1, "worker": 1},
    "early-answer": {"postgres": 1},
    "no-lock": {"web worker": 1},
    "relay-forgets": {"temporal": 2, "worker": 1},
}
"""What is killed to show that a protection is gone."""


def main(names: list[str]) -> int:
    """Exit status 0 when every mutant was seen, and nothing was seen where there is none."""
    seed = int(os.environ.get("FAULT_SEED", "11"))
    wrong = [name for name in names or [NO_MUTANT, *MUTANTS] if not is_right(name, seed)]
    say(f"wrong={len(wrong)}{' (' + ', '.join(wrong) + ')' if wrong else ''} seed={seed}")
    return int(bool(wrong))


def is_right(name: str, seed: int) -> bool:
    """Whether a run of a mutant finds something, or the run without one finds nothing."""
    home = Path(tempfile.mkdtemp(prefix=f"cvms-mutant-{name}-"))
    outcome = outcome_of(name, home, seed)
    right = bool(outcome.problems) == (name != NO_MUTANT)
    say(f"{name}: {'right' if right else 'WRONG'}, {len(outcome.problems)} problems. {outcome.figures}")
    for problem in outcome.problems[:3]:
        say(f"  found: {problem[:300]}")
    shutil.rmtree(home, ignore_errors=True)
    return right


def outcome_of(name: str, home: Path, seed: int) -> Outcome:
    """One short run with one protection taken out."""
    mutant = "" if name == NO_MUTANT else name
    plan = Plan(PLANS[name], pause=(2.0, 5.0), seconds=SECONDS)
    return kill_and_judge(Trial(home, mutant, longest_story=LONGEST_STORY), plan, seed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
