"""A process with a wrong clock waits as long as any other: else the loops of a worker would stand still."""

from __future__ import annotations

import time
from pathlib import Path

from tests.faults.wrong_clock import clock, mend_sleep


def test_the_stop_watch_stays_right():
    assert clock(Path("library.so"), 86_400)["FAKETIME_DONT_FAKE_MONOTONIC"] == "1"


def test_sleeping_ends_under_a_wrong_clock(monkeypatch):
    def fails(_seconds: float) -> None:
        raise OSError("as under the library")

    monkeypatch.setattr(time, "sleep", fails)
    mend_sleep(clock(Path("library.so"), 86_400))
    began = time.monotonic()
    time.sleep(0.05)
    assert time.monotonic() - began >= 0.05


def test_sleep_is_left_alone_under_a_right_clock(monkeypatch):
    mine = object()
    monkeypatch.setattr(time, "sleep", mine)
    mend_sleep({})
    assert time.sleep is mine
