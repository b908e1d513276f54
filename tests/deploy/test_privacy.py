"""The data folder is its owner's alone, and each process of the stack knows its own settings only (O12)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deploy.local.environments import environment_of, without_ours
from deploy.local.privacy import keep_private
from tests.deploy.test_stack import Running, start

__all__ = ["start"]

EVERYTHING = {
    "CVMS_HOME": "/x",
    "CVMS_SECRET_KEY": "s",
    "CVMS_SMTP_URL": "smtp://user:password@x",
    "CVMS_PAYLOAD_KEYS": "k",
    "DATABASE_URL": "app",
    "CVMS_WORKER_DATABASE_URL": "worker",
    "CVMS_OWNER_DATABASE_URL": "owner",
    "TEMPORAL_ADDRESS": "t",
    "TEMPORAL_API_KEY": "a",
    "PATH": "/bin",
}
SECRETS = EVERYTHING.keys() - {"CVMS_HOME", "PATH"}
OF_THE_WORKER = {"CVMS_SECRET_KEY", "CVMS_SMTP_URL", "CVMS_PAYLOAD_KEYS", "CVMS_WORKER_DATABASE_URL"}
KNOWN = {
    "web": {"CVMS_SECRET_KEY", "DATABASE_URL"},
    "worker": {*OF_THE_WORKER, "TEMPORAL_ADDRESS", "TEMPORAL_API_KEY"},
    "migrate": {"CVMS_OWNER_DATABASE_URL"},
    "seed": {"CVMS_OWNER_DATABASE_URL", "CVMS_SECRET_KEY"},
    "rebuild": {"DATABASE_URL"},
    "mail": set(),
}


@pytest.mark.parametrize("part", KNOWN)
def test_O12_each_part_knows_its_own_secrets_only(part: str) -> None:
    assert environment_of(part, EVERYTHING).keys() & SECRETS == KNOWN[part]


def test_O12_what_is_inherited_holds_none_of_ours() -> None:
    assert without_ours(EVERYTHING) == {"PATH": "/bin"}


def open_to_others(home: Path) -> list[str]:
    found = [home, *home.rglob("*")]
    return sorted(str(path.relative_to(home)) for path in found if path.lstat().st_mode & 0o077)


@pytest.mark.stack
def test_O12_nothing_in_the_data_folder_is_open_to_others(
    start: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CVMS_SECRET_KEY", "of the shell that starts the stack")
    before = os.umask(0o022)
    try:
        (tmp_path / "home" / "temporal").mkdir(parents=True)
        (tmp_path / "home" / "mails.db").touch()
        stack = start(parts="postgres,temporal,mail")
    finally:
        os.umask(before)
    published = stack.wait_until_up()
    assert open_to_others(stack.home) == []
    for part in ("postgres", "temporal", "mail"):
        known = psutil.Process(published["pids"][part]).environ()
        assert without_ours(known) == known, part


def test_O12_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "temporal").mkdir(mode=0o755)
    for name in ("mails.db", "temporal/t.db"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    (tmp_path / "elsewhere").symlink_to("/etc/hostname")
    keep_private(tmp_path)
    assert [name for name in open_to_others(tmp_path) if name != "elsewhere"] == []
