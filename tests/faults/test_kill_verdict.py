"""What a kill run says about its points (K6): each way in which one can be missed is a finding by name."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.journal import Journal, Result
from tests.faults.kill_inheritance import ended_workers
from tests.faults.kill_switch import FOLDER, KILLED, Fault, Switch
from tests.faults.kill_verdict import check_points, is_post

CLAIM, LOOK = Fault("tasks.claim.before_commit", 1), Fault("enrollment_look.before_effect", 1)
WEB_DIED = '{{"event": "Worker (pid:{pid}) exited with code 137."}}\n'

NURSERY = """
import os, pathlib, sys, time
from tests.faults.kill_inheritance import Nursery, ended_workers
home = pathlib.Path(sys.argv[1])
Nursery(home, lambda: os._exit(137) if len(ended_workers(home)) < 2 else time.sleep(60)).run()
"""


@pytest.fixture
def switch(tmp_path: Path) -> Switch:
    """A run in which the web died at a claim and the worker at a look, and both were seen."""
    folder, log = tmp_path / FOLDER, tmp_path / "log"
    folder.mkdir()
    log.mkdir()
    (folder / "fired").write_text(f"{CLAIM} 11 abc\n{LOOK} 12 \n")
    (folder / "ended").write_text("12 137\n")
    (log / "web.log").write_text(WEB_DIED.format(pid=11))
    return Switch(tmp_path)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal.jsonl")
    yield made
    made._file.close()


def claim(journal: Journal, *results: Result) -> Journal:
    """The claim was tried so often, and ended like this."""
    for result in results:
        journal.note(journal.invoke("ana", "claim", "abc"), result)
    return journal


def test_points_that_fired_were_seen_and_were_answered_are_no_finding(switch: Switch, journal: Journal):
    assert check_points(switch, claim(journal, "unknown", "ok"), [CLAIM, LOOK]) == []


def test_a_point_that_did_not_fire_is_named(switch: Switch, journal: Journal):
    missing = Fault("tasks.claim.before_answer", 1)
    assert check_points(switch, claim(journal, "unknown", "ok"), [CLAIM, LOOK, missing]) == [f"never fired: {missing}"]


@pytest.mark.parametrize(("file", "fault"), [("log/web.log", CLAIM), (f"{FOLDER}/ended", LOOK)])
def test_a_death_that_nobody_saw_is_named(switch: Switch, journal: Journal, file: str, fault: Fault):
    (switch.home / file).write_text("")
    (found,) = check_points(switch, claim(journal, "unknown", "ok"), [CLAIM, LOOK])
    assert found.startswith(f"not seen to end with {KILLED}: {fault}")


@pytest.mark.parametrize("results", [("unknown", "fail"), ("unknown",), ("ok",)])
def test_an_act_that_was_refused_or_not_sent_again_is_named(switch: Switch, journal: Journal, results: list[Result]):
    (found,) = check_points(switch, claim(journal, *results), [CLAIM, LOOK])
    assert found.startswith(f"{CLAIM}: claim of ana was tried {len(results)} times")


def test_points_of_posts_are_told_from_those_of_the_worker():
    assert is_post(str(CLAIM))
    assert not is_post(str(LOOK))


def test_a_nursery_raises_the_next_worker_and_tells_how_each_ended(tmp_path: Path):
    (tmp_path / FOLDER).mkdir()
    nursery = subprocess.Popen([sys.executable, "-c", NURSERY, str(tmp_path)], cwd=Path(__file__).parents[2])
    while len(ended_workers(tmp_path)) < 2:
        time.sleep(0.02)
    nursery.terminate()
    assert nursery.wait(5) == 0
    assert list(ended_workers(tmp_path).values()) == [KILLED, KILLED, -signal.SIGTERM]
