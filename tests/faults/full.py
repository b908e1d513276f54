"""`make faults-full`: every fault scenario in turn, each in a folder of its own. Exit status 0 when all held.

Names as arguments choose some of them. `FAULT_SEED` repeats a run. The folder of a scenario that failed is kept.
"""

from __future__ import annotations

import importlib
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.faults.scenario import Outcome, Scenario
from tests.terminal import say

SCENARIOS = {
    "K1": "tests.faults.kill_worker",
    "K2": "tests.faults.kill_web",
    "K3": "tests.faults.kill_postgres",
    "K4": "tests.faults.kill_temporal",
    "K5": "tests.faults.kill_all",
    "K6": "tests.faults.kill_points",
    "N2": "tests.faults.frozen_temporal",
    "N3": "tests.faults.frozen_postgres",
    "N4": "tests.faults.swallowed",
    "M": "tests.faults.mail_faults",
    "T3": "tests.faults.clock_skew",
    "D8": "tests.faults.lost_temporal",
}
"""Every scenario, in the order in which they run; a module is imported when its turn comes."""


def main(names: list[str]) -> int:
    """Run the scenarios that are named, or all of them."""
    if unknown := [name for name in names if name not in SCENARIOS]:
        say(f"There is no scenario {', '.join(unknown)}; there are {', '.join(SCENARIOS)}.")
        return 2
    seed = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**6)))
    began = time.monotonic()
    say(f"seed={seed}")
    failed = [name for name in names or SCENARIOS if not run_one(name, seed)]
    ran = len(names or SCENARIOS)
    say(
        f"scenarios={ran} failed={len(failed)}{' (' + ', '.join(failed) + ')' if failed else ''} "
        f"in {time.monotonic() - began:.0f}s seed={seed}"
    )
    return int(bool(failed))


def run_one(name: str, seed: int) -> bool:
    """Run one scenario and say what came of it; True when all held."""
    home = Path(tempfile.mkdtemp(prefix=f"cvms-fault-{name}-"))
    outcome = outcome_of(name, home, seed)
    say(f"{name}: {outcome.figures}")
    for problem in outcome.problems:
        say(f"  PROBLEM {problem}")
    if outcome.problems:
        say(f"  what is left of {name} is in {home}")
    else:
        shutil.rmtree(home, ignore_errors=True)
    return not outcome.problems


def outcome_of(name: str, home: Path, seed: int) -> Outcome:
    """What a scenario found. One that cannot be imported, or breaks, has failed."""
    try:
        run: Scenario = importlib.import_module(SCENARIOS[name]).run
        return run(home, seed)
    except Exception as problem:  # noqa: BLE001  # the other scenarios still have their turn
        (home / "broken.txt").write_text(traceback.format_exc())
        return Outcome("broken", [f"{type(problem).__name__}: {problem}"])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
