"""K6: every POST, every activity and every loop dies once at each of its points, while people use all of them."""

from __future__ import annotations

import random
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from models.crypto.sealing import use_secret
from models.postgres.database import make_engine
from tests.faults.journal import Journal
from tests.faults.judge import Verdict, judge, wait_until_quiet
from tests.faults.kill_arming import Arming
from tests.faults.kill_browser import KillingWorld, PostPoints
from tests.faults.kill_drivers import stories
from tests.faults.kill_people import people
from tests.faults.kill_switch import FOLDER, Fault, Switch
from tests.faults.kill_targets import faults_of_worker
from tests.faults.kill_verdict import RESTLESS_TWICE, check_points, effects_twice, mails_miscounted
from tests.faults.scenario import Outcome
from tests.faults.stack import SECRET, FaultStack

SOON = {"history.workflowTaskRetryMaxInterval": '"1s"'}
"""How much longer a process waits for its worker when that has died several times in the same step."""
LIMIT = 420.0
AFTER_STORIES = 45.0
"""How long loops that rest long may take to come by their points."""


def run(home: Path, seed: int) -> Outcome:
    """Everything dies at every point; then nothing is lost, nothing twice, and no point was passed over."""
    began, switch, of_worker = time.monotonic(), Switch(home), faults_of_worker()
    (home / FOLDER).mkdir(parents=True)
    points = PostPoints(switch)  # its app brings a secret of its own, so ours comes after it
    use_secret(SECRET)
    with FaultStack(home, temporal_limits=SOON) as stack:
        world = KillingWorld(stack.web_url, stack.mail_url, Journal(home / "journal.jsonl"), threading.Event())
        world.points = points
        verdict = kill_and_judge(stack, world, Arming(switch, of_worker, seed), seed)
    wanted = [*(Fault(point, 1) for point in points.all), *of_worker]
    problems = [*verdict.problems, *check_points(switch, world.journal, wanted)]
    fired = len(set(switch.fired()) & set(map(str, wanted)))
    figures = (
        f"points={len(wanted)} fired={fired} kills={len(switch.fired())} "
        f"acked={len(world.journal.acknowledged())} unknown={world.journal.count_unknown()} "
        f"dup={verdict.dup} lost={verdict.lost} in {time.monotonic() - began:.0f}s"
    )
    return Outcome(figures, problems)


def kill_and_judge(stack: FaultStack, world: KillingWorld, arming: Arming, seed: int) -> Verdict:
    """All stories while everything dies, and what came of them."""
    engine = make_engine(stack.owner_url, pool_size=8)
    people(engine)
    arming.start(engine)
    told = stories(world, engine)
    random.Random(seed).shuffle(told)
    tell(world, told)
    wait_for(arming.done, AFTER_STORIES)
    arming.stop()
    quiet = wait_until_quiet(engine)
    verdict = judge(engine, world, RESTLESS_TWICE)
    twice = [*effects_twice(engine), *mails_miscounted(engine)]
    engine.dispose()
    if quiet is None:
        verdict.problems.append("not quiet within 60 s after the last kill")
    return Verdict(verdict.lost, verdict.dup + len(twice), [*verdict.problems, *twice])


def tell(world: KillingWorld, told: list[tuple[str, Callable[[], None]]]) -> None:
    """All stories at once; one that breaks off is a finding, and is said at once."""

    def tell_one(name: str, story: Callable[[], None]) -> None:
        try:
            story()
        except Exception as problem:  # noqa: BLE001  # whatever it is, the run reports it
            sys.stderr.write(f"BROKEN OFF: {name}\n{traceback.format_exc()}")
            world.report_stuck(name, problem)

    threads = [threading.Thread(target=tell_one, args=one, daemon=True) for one in told]
    until = time.monotonic() + LIMIT
    for thread in threads:
        thread.start()
    for (name, _), thread in zip(told, threads, strict=True):
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            world.report_stuck(name, TimeoutError("its story does not end"))


def wait_for(happened: Callable[[], bool], seconds: float) -> bool:
    """Whether it happened within so many seconds."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True
