"""Runs the worker or the web with one protection taken out, to prove that a fault run can fail.

`python -m tests.faults.mutants worker` or `… web PORT`; the variable MUTANT names the mutant.
"""

from __future__ import annotations

import os
import random
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
DROPPED = 0.2


def no_news() -> None:
    """One act in five tells nobody: the row of the news is not written."""
    from models.store import processes

    write = processes._add_news
    chance = random.Random()  # chance, not a secret

    def forget(session: Any, process: Any, *news: Any) -> int:
        if process.told and chance.random() < DROPPED:
            return int(process.told)
        return int(write(session, process, *news))

    vars(processes)["_add_news"] = forget


def no_cause_key() -> None:
    """Nothing knows that it was done before: every repetition counts as a first time."""
    from models.store import causes, idempotency, messages

    vars(causes)["first_time"] = lambda _session, _cause_key: True
    vars(idempotency)["claim_key"] = lambda _session, **_key: None
    queue = messages.queue_message

    def queue_again(session: Any, *, cause_key: str, **message: Any) -> Any:
        return queue(session, cause_key=f"{cause_key}/{uuid4()}", **message)

    vars(messages)["queue_message"] = queue_again


MUTANTS: dict[str, Callable[[], None]] = {"no-news": no_news, "no-cause-key": no_cause_key}


def main(arguments: list[str]) -> None:
    """Take the protection out, then become the process."""
    if mutant := os.environ.get("MUTANT"):
        MUTANTS[mutant]()
    if arguments[0] == "worker":
        sys.argv = [str(ROOT / "worker.py")]
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        sys.argv = ["gunicorn", "webapp:create_app()", "--config", "python:webapp.serving"]
        sys.argv += ["--bind", f"127.0.0.1:{arguments[1]}"]
        runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
