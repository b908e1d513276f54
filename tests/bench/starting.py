"""How long the whole stack takes from the command to a page that says everything is there."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy.local.ports import free_ports
from deploy.local.processes import Child, Command
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.temporal import TemporalServer
from tests.bench.cases import wait_until
from tests.bench.figures import Measure, of_times
from tests.bench.stack import ROOT

LOOK_EVERY = 0.05


def measure(home: Path, *, times: int) -> list[Measure]:
    """First with an empty data folder, then with the one that is there; against PostgreSQL and Temporal alone."""
    first, bare_first = [], []
    for _ in range(times):
        shutil.rmtree(home / "stack", ignore_errors=True)
        shutil.rmtree(home / "servers", ignore_errors=True)
        first.append(_start_stack(home / "stack"))
        bare_first.append(_start_servers(home / "servers"))
    again = [_start_stack(home / "stack") for _ in range(times)]
    bare_again = [_start_servers(home / "servers") for _ in range(times)]
    return [
        _line("start to ready, empty data folder, without demo data", first, bare_first),
        _line("start to ready, data folder that was there", again, bare_again),
    ]


def _line(name: str, seen: list[float], bare: list[float]) -> Measure:
    return Measure(name, of_times(seen), of_times(bare), ratio=min(seen) / min(bare))


def _start_stack(home: Path) -> float:
    """Seconds from `cvms up` to a page of health on which nothing is missing; then it is stopped."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "run" / "stack.json").unlink(missing_ok=True)
    environment = {"CVMS_HOME": str(home), "CVMS_PORT": str(free_ports(1)[0])}
    command = [sys.executable, "-m", "webapp.cli", "up", "--no-demo"]
    stack = Child(Command("Stack", command, home / "stack.log", environment, folder=ROOT))
    begun = time.perf_counter()
    stack.start()
    try:
        wait_until(lambda: _is_whole(home, time.perf_counter() - begun), every=LOOK_EVERY)
        return time.perf_counter() - begun
    finally:
        stack.stop(timeout=15)


def _is_whole(home: Path, seconds: float) -> bool:
    """Web, worker and Temporal have been there within so many seconds; asked of the page of health."""
    try:
        address = json.loads((home / "run" / "stack.json").read_text())["CVMS_URL"]
        with urllib.request.urlopen(f"{address}/healthz/ready", timeout=2) as answer:
            told = json.load(answer)
    except (OSError, urllib.error.URLError, ValueError, KeyError):
        return False
    seen = [told[part]["seconds_ago"] for part in ("worker_heartbeat", "temporal")]
    return bool(told["ready"]) and all(ago is not None and ago < seconds for ago in seen)


def _start_servers(home: Path) -> float:
    home.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    postgres = Postgres(home / "postgres", password="bench", binaries=os.environ.get("CVMS_PG_BIN"))
    temporal = TemporalServer(home / "temporal.db")
    postgres.start()
    temporal.start()
    try:
        postgres.wait_ready()
        temporal.wait_ready()
        return time.perf_counter() - begun
    finally:
        temporal.stop()
        postgres.stop()
