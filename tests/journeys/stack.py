"""The whole stack of a journey: every part a process of its own, on free ports, with the demo data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from deploy.local.lease import Lease
from deploy.local.ports import free_ports
from deploy.local.stack import ROOT, Plan, Stack
from deploy.local.supervisor import Supervisor
from models.crypto.sealing import use_secret
from models.postgres.database import make_engine, transaction

PATIENCE = 30.0
POLL = 0.1


@dataclass(frozen=True)
class World:
    """Where the running stack is, and its mailbox. `seen` are the pages that were looked at, by their shape."""

    home: Path
    environment: Mapping[str, str]
    seen: set[int] = field(default_factory=set)

    @property
    def web_url(self) -> str:
        return self.environment["CVMS_URL"]

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """What the catcher holds for an address, the oldest first."""
        where = f"{self.environment['CVMS_MAIL_URL']}/api/mails?to={urllib.parse.quote(address)}"
        with urllib.request.urlopen(where, timeout=5) as answer:
            return list(reversed(json.load(answer)))

    def command(self, *arguments: str) -> None:
        """Run a `cvms` command on this stack, as an administrator would."""
        surroundings = {**os.environ, **self.environment, "CVMS_HOME": str(self.home)}
        done = subprocess.run(
            [sys.executable, "-m", "webapp.cli", *arguments],
            cwd=ROOT,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    @contextmanager
    def facts(self) -> Iterator[Session]:
        """One transaction as the web app's role."""
        use_secret(self.environment["CVMS_SECRET_KEY"])
        engine = make_engine(self.environment["DATABASE_URL"], pool_size=1)
        try:
            with transaction(engine) as session:
                yield session
        finally:
            engine.dispose()


@contextmanager
def run_world() -> Iterator[World]:
    """Start everything, and leave no process and no file."""
    home = Path(tempfile.mkdtemp(prefix="cvms-journeys-"))
    said: list[str] = []
    try:
        with Lease(home) as lease, Supervisor(said.append) as supervisor:
            stack = Stack(Plan(home, free_ports(1)[0], durable=False), lease, supervisor, said.append)
            stack.start()
            yield World(home, stack.environment)
            failures = _failures(home)
            assert not failures, failures[-1]
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _failures(home: Path) -> list[str]:
    """The lines of the web's log that tell of a failure, a request that ended in a 500 above all."""
    lines = (home / "log" / "web.log").read_text(errors="replace").splitlines()
    return [line for line in lines if '"level": "error"' in line]


def eventually(what: str, met: Callable[[], Any]) -> Any:
    """Wait until something is so, and give it back; fails when it does not become so in time."""
    until = time.monotonic() + PATIENCE
    while not (found := met()):
        assert time.monotonic() < until, f"within {PATIENCE:.0f} s there was no sign of this: {what}"
        time.sleep(POLL)
    return found
