"""K6: every POST, every activity and every loop dies once at each of its points, while people use all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

from models.database import make_engine, transaction
from models.domain.actors import SYSTEM
from models.sealing import use_secret
from models.store.accounts import create_account, invite_account
from tests.faults.journal import Journal
from tests.faults.judge import judge, wait_until_quiet
from tests.faults.kill_browser import KillingWorld, PostPoints
from tests.faults.kill_drivers import stories
from tests.faults.kill_switch import FOLDER, Fault, Switch
from tests.faults.kill_targets import all_activities, points_of_worker
from tests.faults.scenario import Outcome
from tests.faults.stack import SECRET, FaultStack
from webapp.cli.demo.people import STAFF, hire, make_person

LIMIT = 300.0
AFTER_STORIES = 45.0
"""How long loops that rest long may take to come by their points."""


def run(home: Path, seed: int) -> Outcome:
    """Everything dies at every point; then nothing is lost, nothing twice, and no point was passed over."""
    use_secret(SECRET)
    began, switch = time.monotonic(), Switch(home)
    (home / FOLDER).mkdir(parents=True)
    points = PostPoints(switch)
    of_worker = points_of_worker(all_activities())
    with FaultStack(home, "") as stack:
        engine = make_engine(stack.owner_url, pool_size=8)
        people(engine)
        world = KillingWorld(stack.web_url, stack.mail_url, Journal(home / "journal.jsonl"), threading.Event())
        world.points = points
        for point in of_worker:
            switch.arm(Fault(point, 1))
        tell(world, [(name, story) for name, story in stories(world, engine)])
        wait_for(lambda: not switch.armed(), AFTER_STORIES)
        quiet = wait_until_quiet(engine)
        verdict = judge(engine, world)
        engine.dispose()
    every = {f"{point}@1" for point in (*points.all, *of_worker)}
    silent = sorted(every - set(switch.fired()))
    problems = [*verdict.problems, *(f"never fired: {point}" for point in silent)]
    if quiet is None:
        problems.append("not quiet within 60 s after the last kill")
    figures = (
        f"points={len(every)} fired={len(every) - len(silent)} kills={len(switch.fired())} "
        f"acked={len(world.journal.acknowledged())} unknown={world.journal.count_unknown()} "
        f"lost={verdict.lost} dup={verdict.dup} in {time.monotonic() - began:.0f}s"
    )
    return Outcome(figures, problems)


def people(engine: Engine) -> None:
    """Staff, somebody with an account of their own, and somebody who was invited."""
    with transaction(engine) as session:
        for member in STAFF:
            hire(session, member)
        make_person(session, "ida@people.example.org", "Ida Moss", "en")
        make_person(session, "new.staff@state.example.org", "Nora New", "en", state_staff=True)
        invited = create_account(
            session,
            email="ivo@people.example.org",
            name="Ivo Lund",
            language="en",
            password=None,
            by=SYSTEM,
            cause_key=uuid4().hex,
        )
        invite_account(session, account_id=invited, by=SYSTEM, cause_key=uuid4().hex)


def tell(world: KillingWorld, told: list[tuple[str, Callable[[], None]]]) -> None:
    """All stories at once; one that breaks off is a finding."""

    def tell_one(name: str, story: Callable[[], None]) -> None:
        try:
            story()
        except Exception as problem:  # noqa: BLE001  # whatever it is, the run reports it
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
