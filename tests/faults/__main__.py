"""`make faults`: kills real processes at random while seeded clients work, then judges. Exit status 0 when all held.

Settings by environment: FAULT_SEED, FAULT_SECONDS (300), MUTANT (no-news, no-cause-key).
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from models.database import make_engine, transaction
from models.sealing import use_secret
from tests.faults.clients import Applicant, Reviewer, World
from tests.faults.journal import Journal
from tests.faults.judge import Verdict, judge, wait_until_quiet
from tests.faults.nemesis import Nemesis
from tests.faults.recovery import RecoveryClock
from tests.faults.stack import SECRET, FaultStack
from webapp.cli.demo.people import STAFF, hire

APPLICANTS = 5
LONGEST_STORY = 240.0
LEAST_KILLS = 40


def main() -> int:
    """One run from start to verdict."""
    seed = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**6)))
    seconds = float(os.environ.get("FAULT_SECONDS", "300"))
    mutant = os.environ.get("MUTANT", "")
    home = Path(tempfile.mkdtemp(prefix="cvms-faults-"))
    say(f"seed={seed} seconds={seconds:.0f}" + (f" mutant={mutant}" if mutant else ""))
    use_secret(SECRET)
    with FaultStack(home, mutant) as stack:
        engine = make_engine(stack.owner_url, pool_size=2)
        with transaction(engine) as session:
            for member in STAFF:
                hire(session, member)
        journal = Journal(home / "journal.jsonl")
        world = World(stack.web_url, stack.mail_url, journal, threading.Event())
        nemesis, clock, settled = run_clients(stack, world, seed, seconds)
        quiet = wait_until_quiet(engine)
        verdict = judge(engine, world)
        if quiet is None:
            verdict.problems.append("not quiet within 60 s after the last kill")
        engine.dispose()
    report(world, nemesis, clock, verdict, settled=settled, quiet=quiet)
    failed = bool(verdict.problems) or (seconds >= 300 and nemesis.kills < LEAST_KILLS)
    if not failed:
        shutil.rmtree(home, ignore_errors=True)
    else:
        say(f"the journal and the logs are in {home}")
    return int(failed)


def run_clients(stack: FaultStack, world: World, seed: int, seconds: float) -> tuple[Nemesis, RecoveryClock, float]:
    """Let clients and nemesis work; returns when every client has told its story, with the seconds that took."""
    nemesis, clock = Nemesis(stack, seed, seconds), RecoveryClock(stack.web_url)
    applicants = [Applicant(world, number) for number in range(1, APPLICANTS + 1)]
    reviewers = [Reviewer(world, number) for number in range(2)]
    for thread in (clock, *reviewers, *applicants, nemesis):
        thread.start()
    nemesis.join(seconds + 30)
    world.over.set()
    stack.heal()
    healed_at = time.monotonic()
    for applicant in applicants:
        applicant.join(max(1.0, healed_at + LONGEST_STORY - time.monotonic()))
        if applicant.is_alive():
            world.report_stuck("an applicant", TimeoutError("its story does not end"))
    for reviewer in reviewers:
        reviewer.done.set()
    clock.stop()
    return nemesis, clock, time.monotonic() - healed_at


def report(
    world: World, nemesis: Nemesis, clock: RecoveryClock, verdict: Verdict, *, settled: float, quiet: float | None
) -> None:
    """The figures in one line, and every problem in one of its own."""
    for problem in verdict.problems:
        say(f"PROBLEM {problem}")
    say("kinds: " + ", ".join(f"{name} {count}" for name, count in sorted(nemesis.kinds.items())))
    calm = "never" if quiet is None else f"{quiet:.1f}s"
    say(f"approved={len(world.approved)} stories_ended_after={settled:.1f}s quiet_after={calm}")
    say(
        f"kills={nemesis.kills} acked={len(world.journal.acknowledged())} unknown={world.journal.count_unknown()} "
        f"lost={verdict.lost} dup={verdict.dup} recovery_p95={clock.p95:.2f}s"
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
