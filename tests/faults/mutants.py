"""Runs the worker or the web with one protection taken out, to prove that a fault run can fail.

`python -m tests.faults.mutants worker` or `… web PORT`; the variable MUTANT names the mutant.
"""

from __future__ import annotations

import os
import random
import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from models.postgres.database import transaction
from tests.faults import kill_inheritance as kill_nursery
from tests.faults import kill_install, kill_switch
from tests.faults.wrong_clock import mend_sleep

ROOT = Path(__file__).resolve().parents[2]
DROPPED = 0.2
FORGOTTEN = 0.5


def no_news() -> None:
    """One act in five tells nobody: the row of the news is not written."""
    from models.store.core import processes

    write = processes._append_event
    chance = random.Random()  # chance, not a secret

    def forget(session: Any, process: Any, *news: Any) -> int:
        if process.published and chance.random() < DROPPED:
            return int(process.published)
        return int(write(session, process, *news))

    vars(processes)["_append_event"] = forget


def no_cause_key() -> None:
    """Nothing knows that it was done before: every repetition counts as a first time."""
    from models.store.core import form_answers as idempotency
    from models.store.core import messages

    vars(idempotency)["claim_key"] = lambda _session, *, key, **_rest: idempotency.Claim(key)
    queue = messages.queue_message

    def queue_again(act: Any, **message: Any) -> Any:
        return queue(act.part(uuid4()), **message)

    vars(messages)["queue_message"] = queue_again


def no_lock() -> None:
    """Nobody locks the next free task: whoever looks at the same time takes the same one."""
    from models.store.core import tasks

    def look(session: Any, team: str, role: str, free: Any) -> Any:
        statement = select(tasks.Task).where(tasks.Task.team == team, tasks.Task.candidate_role == role, free)
        statement = statement.order_by(tasks.Task.due_at, tasks.Task.id).limit(1)
        found = session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
        time.sleep(0.2)
        return found

    vars(tasks)["_first_free"] = look
    vars(tasks)["_refuse_when_held"] = lambda *_: None


def relay_forgets() -> None:
    """The relay notes that it rang before it has, loses every second ring, and never rings again.

    Every second, because later news would make up for a ring that is lost now and then.
    """
    from workflows.engine import relay

    chance = random.Random()  # chance, not a secret

    def ring(self: relay.Relay, process_id: Any) -> relay.Rang:
        with transaction(self._engine) as session:
            found = relay.read_delivery(session, process_id)
            if found is None or not found.news:
                return relay.Rang.NOTHING
            number = found.news[-1].number
            relay.mark_delivered(session, process_id=process_id, generation=found.ref.generation, number=number)
        if chance.random() < FORGOTTEN:
            self._deliver(found)
        return relay.Rang.DELIVERED

    relay.Relay.ring = ring  # type: ignore[method-assign]
    vars(relay)["redeliver_unprocessed"] = lambda *_, **__: []


def nothing_here() -> None:
    """The protection is taken out of the database, by `stack.py`."""


MUTANTS: dict[str, Callable[[], None]] = {
    "no-news": no_news,
    "no-cause-key": no_cause_key,
    "early-answer": nothing_here,
    "no-lock": no_lock,
    "relay-forgets": relay_forgets,
}


def _install_kill_points(part: str) -> None:
    """Where `FAULT` or the run asks for it, the process dies at named points."""
    if switch := kill_switch.from_environment(os.environ):
        (kill_install.install_in_worker if part == "worker" else kill_install.install_in_web)(switch)


def _become_worker() -> None:
    """The worker itself, or in a run that kills it all the time the process that raises one after the other."""
    home = Path(os.environ.get("CVMS_HOME", "."))
    if (home / kill_switch.FOLDER).is_dir():
        import worker

        kill_nursery.Nursery(home, worker.main).run()
        return
    sys.argv = [str(ROOT / "worker.py")]
    runpy.run_path(sys.argv[0], run_name="__main__")


def main(arguments: list[str]) -> None:
    """Take the protection out, then become the process."""
    mend_sleep(os.environ)
    if mutant := os.environ.get("MUTANT"):
        MUTANTS[mutant]()
    _install_kill_points(arguments[0])
    if arguments[0] == "worker":
        _become_worker()
    else:
        sys.argv = ["gunicorn", "webapp:create_app()", "--config", "python:webapp.serving"]
        sys.argv += ["--bind", f"127.0.0.1:{arguments[1]}"]
        runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
