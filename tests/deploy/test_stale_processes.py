"""Lock files that an earlier PostgreSQL has left in its data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from deploy.local.stale_processes import end_leftover


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "postmaster.pid"


def test_a_server_that_still_runs_on_the_data_is_stopped(lock: Path, tmp_path: Path) -> None:
    wait = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print(flush=True); time.sleep(60)"
    server = subprocess.Popen([sys.executable, "-c", wait, str(tmp_path)], stdout=subprocess.PIPE)
    assert server.stdout
    server.stdout.readline()
    lock.write_text(f"{server.pid}\n")
    # Its parent is this test, which has to take note of its end.
    waiting = Thread(target=server.wait)
    waiting.start()
    end_leftover(lock, data=tmp_path)
    waiting.join(5)
    assert server.returncode is not None
    server.stdout.close()


def test_a_number_that_another_program_has_now_is_forgotten(lock: Path) -> None:
    lock.write_text(f"{os.getpid()}\n")
    end_leftover(lock, data=Path("/nowhere/of/ours"))
    assert not lock.exists()


def test_the_lock_of_a_dead_server_is_left_to_postgresql(lock: Path, tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    lock.write_text(f"{dead.pid}\n")
    end_leftover(lock, data=tmp_path)
    assert lock.exists()
