"""Every command without a stack, without a folder, and with broken files: one plain line, and no traceback (O13)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.local.lease import Lease
from webapp.cli import COMMANDS, main

NOWHERE = "postgresql://cvms_app:secret-word@127.0.0.1:1/cvms"
OURS = ("DATABASE_URL", "CVMS_OWNER_DATABASE_URL", "CVMS_WORKER_DATABASE_URL", "TEMPORAL_ADDRESS", "CVMS_ENV")
CALLS = {
    "env": [],
    "seed": [],
    "verify": [],
    "rebuild": [],
    "audit-export": ["{tmp}/trail.jsonl"],
    "backup": ["{tmp}/new"],
    "restore": ["{tmp}/backup"],
    "create-user": ["a@example.org", "--name", "A"],
    "reset-second-factor": ["a@example.org"],
    "up": [],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CVMS_HOME", str(tmp_path / "home"))
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def cvms(name: str, tmp_path: Path) -> Result:
    return CliRunner().invoke(main, [name, *(word.format(tmp=tmp_path) for word in CALLS[name])])


def assert_one_plain_line(said: Result) -> None:
    assert isinstance(said.exception, SystemExit | None), said.exception
    assert said.exit_code != 0
    assert len(said.output.strip().splitlines()) == 1, said.output
    assert said.output.startswith("Error: ")
    assert "Traceback" not in said.output
    assert "secret-word" not in said.output


def test_O13_every_command_is_tried_here() -> None:
    assert CALLS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", sorted(CALLS.keys() - {"up"}))
def test_O13_without_a_stack(command: str, home: Path, tmp_path: Path) -> None:
    assert_one_plain_line(cvms(command, tmp_path))
    home.rmdir()
    assert_one_plain_line(cvms(command, tmp_path))
    assert not home.exists()


@pytest.mark.parametrize("command", sorted(CALLS.keys() - {"up", "env"}))
@pytest.mark.parametrize("address", [NOWHERE, "no address", "postgresql://[x", "sqlite://"])
def test_O13_with_an_address_where_nothing_is(
    command: str, address: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "CVMS_OWNER_DATABASE_URL"):
        monkeypatch.setenv(name, address)
    assert_one_plain_line(cvms(command, tmp_path))


@pytest.mark.parametrize("broken", ["", "{", "[]", '"x"', "null", '{"DATABASE_URL": 7}', "\x00\xff"])
@pytest.mark.parametrize("command", sorted(CALLS.keys() - {"up"}))
def test_O13_with_a_cut_file_of_a_running_stack(command: str, broken: str, home: Path, tmp_path: Path) -> None:
    with Lease(home):
        (home / "run" / "stack.json").write_text(broken, encoding="latin-1")
        said = cvms(command, tmp_path)
    if command != "env" or "DATABASE_URL" not in broken:
        assert_one_plain_line(said)


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"postgres": 7}', '{"postgres": ""}', "\x00\xff"])
def test_O13_with_cut_secrets(broken: str, home: Path, tmp_path: Path) -> None:
    (home / "secrets.json").write_text(broken, encoding="latin-1")
    said = cvms("up", tmp_path)
    assert_one_plain_line(said)
    assert "secrets.json is cut or not readable" in said.output
    assert (home / "secrets.json").read_text(encoding="latin-1") == broken
    assert_one_plain_line(cvms("verify", tmp_path))


@pytest.mark.parametrize("command", CALLS)
def test_O13_with_a_file_in_place_of_the_folder(command: str, home: Path, tmp_path: Path) -> None:
    home.rmdir()
    home.touch()
    assert_one_plain_line(cvms(command, tmp_path))


@pytest.mark.parametrize(
    ("name", "value"), [("CVMS_PORT", "http"), ("CVMS_ENV", "staging"), ("CVMS_PAYLOAD_KEYS", "x")]
)
@pytest.mark.parametrize("command", CALLS)
def test_O13_with_a_setting_that_cannot_be_read(
    command: str, name: str, value: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert_one_plain_line(cvms(command, tmp_path))


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "tables": {"a": 1}}', '{"format": 1, "tables": {}}']
)
def test_O13_with_a_broken_backup(manifest: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CVMS_OWNER_DATABASE_URL", NOWHERE)
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "manifest.json").write_text(manifest)
    assert_one_plain_line(cvms("restore", tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[]\n", "7\n", json.dumps({"seq": "x"}) + "\n", "\x00\xff\n"])
def test_O13_with_an_export_that_is_none(content: str, home: Path, tmp_path: Path) -> None:
    (tmp_path / "trail.jsonl").write_text(content, encoding="latin-1")
    said = CliRunner().invoke(main, ["audit-export", "--check", str(tmp_path / "trail.jsonl")])
    assert isinstance(said.exception, SystemExit)
    assert said.exit_code == 1
