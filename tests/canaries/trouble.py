"""Lets worker and web fail for moments: a failure is told of in logs and in Temporal, and must tell no more."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

CALM, TROUBLED = 1.5, 1.5
ROLES = ("cvms_worker", "cvms_app")
"""Each in its turn: what the worker does follows within a moment from what the web has done."""
FORBID = "REVOKE INSERT ON audit, messages, tasks FROM {}"
ALLOW = "GRANT INSERT ON audit, messages, tasks TO {}"
"""What both may do by the migrations; the rows that are refused tell of people."""
SIGN = b"ProgrammingError"
"""The name of the failure; its words tell of people, and stand in no log."""


@contextmanager
def trouble(engine: Engine) -> Iterator[None]:
    """Again and again, for as long as this lasts; at the end everything is allowed again."""
    over = threading.Event()
    thread = threading.Thread(target=_make_trouble, args=(engine, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def without_trouble(logs: Path) -> list[str]:
    """The parts whose logs know of no failure: then the run has proved nothing about failures."""
    return [
        f"{part} never failed, though it was made to"
        for part in ("web", "worker")
        if not any(SIGN in file.read_bytes() for file in logs.glob(f"**/{part}*.log"))
    ]


def _make_trouble(engine: Engine, over: threading.Event) -> None:
    for role in itertools.cycle(ROLES):
        if over.wait(CALM):
            return
        for statement, lasts in ((FORBID, TROUBLED), (ALLOW, 0.0)):
            with engine.begin() as connection:
                connection.execute(text(statement.format(role)))
            over.wait(lasts)
