"""The commands `up` and `env` as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.local.lease import Lease
from webapp.cli import COMMANDS, main
from webapp.cli.env import surroundings

STACK = {
    "DATABASE_URL": "postgresql://cvms_app:it's@127.0.0.1:1/cvms",
    "TEMPORAL_ADDRESS": "127.0.0.1:2",
    "CVMS_URL": "http://localhost:3",
    "CVMS_SMTP_URL": "smtp://127.0.0.1:4",
    "CVMS_MAIL_URL": "http://localhost:5",
    "pids": {"web": 6},
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CVMS_HOME", str(tmp_path))
    for name in ("CVMS_ENV", *STACK):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def cvms(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_env_prints_the_running_stack_as_shell_assignments(home: Path) -> None:
    with Lease(home) as lease:
        lease.publish(STACK)
        shown = cvms("env")
    assert shown.exit_code == 0
    assert shown.output.splitlines()[1] == "TEMPORAL_ADDRESS=127.0.0.1:2"
    assert "pids" not in shown.output
    assert "it'" in shown.output


@pytest.mark.parametrize("left_behind", [False, True])
def test_env_says_in_one_line_that_no_stack_runs(home: Path, left_behind: bool) -> None:
    (home / "run").mkdir()
    if left_behind:
        (home / "run" / "lock").touch()
        (home / "run" / "stack.json").write_text("{}")
    shown = cvms("env")
    assert shown.exit_code == 1
    assert len(shown.output.splitlines()) == 1
    assert "No stack runs" in shown.output


def test_the_environment_goes_before_the_running_stack(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/cvms")
    with Lease(home) as lease:
        lease.publish(STACK)
        around = surroundings()
    assert around["DATABASE_URL"] == "postgresql://elsewhere/cvms"
    assert around["TEMPORAL_ADDRESS"] == "127.0.0.1:2"


def test_production_mode_has_no_local_stack(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CVMS_ENV", "production")
    shown = cvms("up")
    assert shown.exit_code == 1
    assert "production" in shown.output
    assert not list(home.iterdir())


def test_an_unknown_part_is_named(home: Path) -> None:
    shown = cvms("up", "--components", "postgres,printer")
    assert shown.exit_code == 2
    assert "printer" in shown.output


def test_help_lists_every_command() -> None:
    shown = cvms("--help").output
    assert all(name in shown for name in COMMANDS)
