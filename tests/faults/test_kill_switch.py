"""The machinery of the kill points (K6): what `FAULT` says, which passing it means, and how the process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.kill_switch import FOLDER, KILLED, Fault, Switch, from_environment, parse

PASSES = """
import os
from tests.faults.kill_switch import from_environment
switch = from_environment(os.environ)
for number in range(1, 4):
    print(number, flush=True)
    switch.pass_point("tasks.claim.before_commit")
"""


def passing(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process that passes one point three times, saying each time that it comes."""
    return subprocess.run(
        [sys.executable, "-c", PASSES],
        env={**os.environ, "CVMS_HOME": str(home), **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fault_names_a_point_and_a_passing():
    assert parse("enrollment_deny.after_effect@3") == Fault("enrollment_deny.after_effect", 3)


@pytest.mark.parametrize("text", ["", "tasks.claim", "tasks.claim@0", "tasks.claim@x", "claim@1", "../x.y@1"])
def test_anything_else_is_no_fault(text: str):
    with pytest.raises(ValueError, match="name@n"):
        parse(text)


def test_without_a_wish_there_is_no_switch(tmp_path: Path):
    assert from_environment({"CVMS_HOME": str(tmp_path)}) is None


def test_the_process_dies_with_137_at_the_passing_that_the_environment_names_and_only_once(tmp_path: Path):
    fault = "tasks.claim.before_commit@2"
    died, again = passing(tmp_path, FAULT=fault), passing(tmp_path, FAULT=fault)
    assert (died.returncode, died.stdout.split()) == (KILLED, ["1", "2"])
    assert (again.returncode, again.stdout.split()) == (0, ["1", "2", "3"])
    assert Switch(tmp_path).fired() == [fault]


def test_the_process_dies_at_a_point_that_is_armed_while_it_runs(tmp_path: Path):
    switch = Switch(tmp_path)
    switch.arm(Fault("tasks.claim.before_commit", 3))
    died = passing(tmp_path)
    assert (died.returncode, died.stdout.split()) == (KILLED, ["1", "2", "3"])
    assert switch.armed() == []


def test_another_point_is_passed_by(tmp_path: Path):
    (tmp_path / FOLDER).mkdir()
    Switch(tmp_path).arm(Fault("tasks.release.before_commit", 1))
    assert passing(tmp_path, FAULT="tasks.next.before_commit@1").returncode == 0
    assert Switch(tmp_path).armed() == ["tasks.release.before_commit"]
