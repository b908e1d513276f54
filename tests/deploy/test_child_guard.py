"""The leash: when the supervisor is killed, the children of its children end too."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from deploy.local.child_guard import held_groups

FAMILY = """
import sys, time
from pathlib import Path
from deploy.local.child_guard import Leash
from deploy.local.processes import Child, Command
log = Path(sys.argv[1])
child = Child(Command("family", ["sh", "-c", "trap '' TERM; sleep 300 & sleep 300 & wait"], log))
child.start()
Leash().hold(child.pid, child.command.stop_signal)
print(child.pid, flush=True)
time.sleep(300)
"""


@pytest.mark.stack
def test_grandchildren_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", FAMILY, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    child = psutil.Process(int(supervisor.stdout.readline()))
    until = time.monotonic() + 5
    while len(child.children()) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    grandchildren = child.children()
    assert len(grandchildren) == 2
    supervisor.kill()
    supervisor.communicate()
    assert not psutil.wait_procs([child, *grandchildren], timeout=8)[1]


def test_released_groups_are_left_alone() -> None:
    lines = ["11 15\n", "12 2\n", "13 15\n", "12 0\n"]
    assert held_groups(lines) == {11: signal.SIGTERM, 13: signal.SIGTERM}
