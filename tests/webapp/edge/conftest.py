"""The fixture `served`: the web app behind gunicorn, as in earnest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.ports import answers, free_ports
from tests.database import Database

ROOT = Path(__file__).resolve().parents[3]
STARTS_WITHIN = 30


@dataclass
class Served:
    """A running web server: its port, its process, its output."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> str:
        """End it by SIGTERM; what it wrote."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(15)
        return self.log.read_text()


def gunicorn(port: int, log: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The server's process, which writes to `log`."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:webapp.serving", "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "CVMS_SECRET_KEY": "x" * 40, "CVMS_HOME": str(log.parent), **settings}
    with log.open("wb") as out:
        return subprocess.Popen(
            [*command, "webapp:create_app()"], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[Served]:
    """The web app with the test database."""
    (port,) = free_ports(1)
    log = tmp_path / "web.log"
    running = Served(port, gunicorn(port, log, {"DATABASE_URL": database.app_url}), log)
    until = time.monotonic() + STARTS_WITHIN
    while not answers(port):
        assert running.process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait(5)
