"""D8: Temporal's whole database is deleted under 10,000 open enrollments, and `cvms rebuild` brings each back once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

from deploy.local.ports import answers
from models.crypto.sealing import use_secret
from models.postgres.database import make_engine, transaction
from models.queries.operations.invariants import check_invariants
from tests.bench.cases import RealStory
from tests.bench.masses import copy_enrollment
from tests.database import Database
from tests.faults.scenario import Outcome
from tests.faults.stack import ROOT, SECRET, FaultStack

ENTITIES = 10_000
P8_SECONDS = 300.0
"""P8: how long 10,000 open entities may take."""
GIVEN_UP_AFTER = 900.0
FACTS = {
    "mails": "SELECT count(*) FROM messages",
    "tasks": "SELECT count(*) FROM tasks",
    "deadlines": "SELECT count(*) FROM deadlines",
    "fired deadlines": "SELECT count(*) FROM deadlines WHERE fired_at IS NOT NULL",
    "decisions": "SELECT count(*) FROM decisions",
    "signatures": "SELECT count(*) FROM signatures",
    "links": "SELECT count(*) FROM links",
    "open processes": "SELECT count(*) FROM processes WHERE open",
    "waiting for a person": "SELECT count(*) FROM inv.entity WHERE waiting_for = 'person'",
}
"""What a rebuilding must leave as it was."""
UNHEARD = "SELECT count(*) FROM processes WHERE open AND heard < told"
RESTLESS = f"SELECT ({UNHEARD}) + (SELECT count(*) FROM inv.entity WHERE waiting_for = 'process')"
UNSEEN = """
SELECT count(*) FROM processes WHERE open AND (running_seen_at IS NULL OR running_seen_at < generation_at)
"""
LIVES = "SELECT sum(generation) FROM processes"


def run(home: Path, seed: int, *, entities: int = ENTITIES) -> Outcome:
    """Make them, lose Temporal's database, rebuild, rebuild again, and compare."""
    del seed  # nothing here is left to chance
    use_secret(SECRET)
    with FaultStack(home, "") as stack:
        names = ("DATABASE_URL", "CVMS_WORKER_DATABASE_URL", "CVMS_OWNER_DATABASE_URL")
        urls = [stack.environment[name] for name in names]
        database = Database(*urls, *(make_engine(url) for url in urls))
        try:
            return _lose_and_rebuild(stack, database, entities)
        finally:
            database.dispose()


def _lose_and_rebuild(stack: FaultStack, database: Database, entities: int) -> Outcome:
    engine = database.owner_engine
    _make(database, entities)
    lose_temporal(stack)
    before, began = _facts(engine), time.monotonic()
    said = cvms(stack, "rebuild")
    commanded = time.monotonic() - began
    _wait(lambda: ask(engine, RESTLESS) == 0, began)
    heard = time.monotonic() - began
    _wait(lambda: ask(engine, UNSEEN) == 0, began)
    seen = time.monotonic() - began
    lives = ask(engine, LIVES)
    again = cvms(stack, "rebuild")
    problems = _problems(engine, before) + _not_all(engine, entities)
    if ask(engine, LIVES) != lives or "Every open process runs" not in again:
        problems.append(f"a second rebuilding started something again: {again}")
    if heard > P8_SECONDS:
        problems.append(f"P8: {heard:.0f} s for {entities} entities")
    figures = (
        f"entities={entities} with {before['tasks']} tasks and {before['deadlines']} deadlines; rebuild: {said} "
        f"command {commanded:.1f} s, all heard {heard:.1f} s ({entities / heard:.0f} a second), seen by the census "
        f"{seen:.1f} s; second run: {again} load={os.getloadavg()[0]:.1f}"
    )
    return Outcome(figures, problems)


def _make(database: Database, entities: int) -> None:
    """Half of them wait for the applicant, half for a reviewer: real processes that the worker has brought there."""
    story = RealStory(database)
    story.fill_in()
    story.sign_all()
    story.process()
    half = entities // 2
    copy_enrollment(database.owner_engine, story.id, first=1, last=half)
    story.submit()
    story.process()
    copy_enrollment(database.owner_engine, story.id, first=half + 1, last=entities - 1)
    _wait(lambda: ask(database.owner_engine, RESTLESS) == 0, time.monotonic())


def lose_temporal(stack: FaultStack) -> None:
    """Kill the server, delete everything it has kept, and start it empty."""
    child = stack.parts["temporal"].child
    stack.hold("temporal")
    _wait(lambda: not child.running, time.monotonic())
    for file in stack.home.glob("temporal.db*"):
        file.unlink()
    stack.let_go("temporal")
    port = int(stack.environment["TEMPORAL_ADDRESS"].rpartition(":")[2])
    _wait(lambda: child.running and answers(port), time.monotonic())


def cvms(stack: FaultStack, *arguments: str) -> str:
    """A command of the product, as an operator gives it."""
    command = [sys.executable, "-m", "webapp.cli", *arguments]
    environment = {**os.environ, **stack.environment}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def ask(engine: Engine, question: str) -> int:
    """One number from the database."""
    with engine.connect() as connection:
        return int(connection.execute(text(question)).scalar_one() or 0)


def _facts(engine: Engine) -> dict[str, int]:
    return {name: ask(engine, question) for name, question in FACTS.items()}


def _problems(engine: Engine, before: dict[str, int]) -> list[str]:
    after = _facts(engine)
    problems = [f"{name}: {before[name]} before, {after[name]} after" for name in FACTS if before[name] != after[name]]
    with transaction(engine) as session:
        found = [each for each in check_invariants(session) if each.violations]
    return problems + [f"{each.id} {each.says}: {each.violations}" for each in found]


def _not_all(engine: Engine, entities: int) -> list[str]:
    states = {"unheard": ask(engine, UNHEARD), "not seen by the census": ask(engine, UNSEEN)}
    missing = entities - ask(engine, FACTS["open processes"])
    return [f"{name}: {count}" for name, count in {**states, "not open": missing}.items() if count]


def _wait(done: Callable[[], bool], began: float) -> None:
    """Wait until it is so, or for so long that the figures will say it."""
    while not done() and time.monotonic() - began < GIVEN_UP_AFTER:
        time.sleep(1.0)


if __name__ == "__main__":
    import tempfile

    print(run(Path(tempfile.mkdtemp(prefix="cvms-lost-temporal-")), 1, entities=int(sys.argv[1])))
