"""A database or a Temporal whose address is given is used from there; a part that is left out is not missed (O16)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from deploy.local.lease import Lease
from deploy.local.processes import StackError
from deploy.local.servers.databases import APP, DATABASE, OWNER, WORKER, prepare_database
from deploy.local.servers.outside import Outside
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.temporal import TemporalServer
from deploy.local.stack import PARTS, Plan, Stack
from deploy.local.supervisor import Supervisor
from models.postgres.database import make_engine
from tests.temporal import eventually
from webapp.cli import main
from webapp.cli import up as up_command

PASSWORDS = {OWNER: "owner", APP: "app", WORKER: "worker"}


def settings_of(home: Path, parts: str = ",".join(PARTS), **outside: str) -> dict[str, str]:
    """What the parts of a stack would be told."""
    with Lease(home) as lease, Supervisor(print) as supervisor:
        plan = Plan(home, 8000, parts=frozenset(parts.split(",")), outside=outside)
        return Stack(plan, lease, supervisor, print).environment


def test_O16_a_given_temporal_is_not_overridden(tmp_path: Path) -> None:
    given = {"TEMPORAL_ADDRESS": "temporal.example:7233", "TEMPORAL_NAMESPACE": "vaccines", "TEMPORAL_TLS": "true"}
    assert settings_of(tmp_path, **given).items() >= given.items()
    assert Outside(given).parts(frozenset(PARTS)) == frozenset(PARTS) - {"temporal"}


def test_O16_a_given_database_is_not_overridden(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://a@x/c", "CVMS_OWNER_DATABASE_URL": "postgresql://o@x/c"}
    found = settings_of(tmp_path, **given)
    assert found.items() >= given.items()
    assert found["CVMS_WORKER_DATABASE_URL"] == given["DATABASE_URL"]
    assert Outside(given).parts(frozenset(PARTS)) == frozenset(PARTS) - {"postgres"}


def test_O16_a_temporal_that_is_left_out_is_found_by_its_own_settings(tmp_path: Path) -> None:
    assert "TEMPORAL_ADDRESS" not in settings_of(tmp_path, "postgres,worker")
    assert settings_of(tmp_path, "postgres,worker", TEMPORAL_PROFILE="state")["TEMPORAL_PROFILE"] == "state"


def test_O16_what_only_says_how_to_talk_to_temporal_is_not_an_address(tmp_path: Path) -> None:
    assert settings_of(tmp_path, TEMPORAL_NAMESPACE="other", TEMPORAL_TLS="true")["TEMPORAL_NAMESPACE"] == "default"


def test_O16_a_mail_catcher_that_is_left_out_takes_no_mail(tmp_path: Path) -> None:
    assert "CVMS_SMTP_URL" not in settings_of(tmp_path, "postgres,temporal,worker,web")


def test_O16_a_database_that_is_left_out_and_not_given_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="set DATABASE_URL"):
        settings_of(tmp_path, "temporal,worker,web")
    with pytest.raises(StackError, match="without DATABASE_URL"):
        settings_of(tmp_path, CVMS_OWNER_DATABASE_URL="postgresql://o@x/c")


def test_O16_a_given_database_that_is_away_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.servers.outside.PATIENCE", 0.0)
    with pytest.raises(StackError, match=r"127\.0\.0\.1:1 is used") as refused:
        Outside({"DATABASE_URL": "postgresql://a:secret-word@127.0.0.1:1/c"}).wait_for_database()
    assert "secret-word" not in str(refused.value)


def test_O16_the_command_hands_on_what_the_environment_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[Plan] = []
    monkeypatch.setattr(up_command, "run_stack", lambda plan, _say: plans.append(plan))
    given = {"CVMS_HOME": str(tmp_path), "TEMPORAL_ADDRESS": "t:1", "DATABASE_URL": "postgresql://a@x/c"}
    for name, value in {**given, "CVMS_PAYLOAD_KEYS": "a:" + "A" * 43 + "=", "CVMS_PORT": "8123"}.items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(main, ["up"])
    assert said.exit_code == 0, said.output
    [plan] = plans
    assert Outside(plan.outside).parts(plan.parts) == {"mail", "worker", "web"}
    assert "CVMS_PAYLOAD_KEYS" in plan.settings
    assert not plan.settings.keys() & {"CVMS_PORT", "CVMS_HOME", "DATABASE_URL"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL with roles and an empty database, and a Temporal: not of the stack."""
    binaries = os.environ.get("CVMS_PG_BIN")
    with (
        Postgres(tmp_path / "pg", password="x", binaries=binaries, durable=False) as postgres,
        TemporalServer(tmp_path / "temporal" / "t.db") as temporal,
    ):
        prepare_database(postgres.url(), PASSWORDS)
        urls = {role: postgres.url(database=DATABASE, user=role, password=PASSWORDS[role]) for role in PASSWORDS}
        yield {
            "DATABASE_URL": urls[APP],
            "CVMS_WORKER_DATABASE_URL": urls[WORKER],
            "CVMS_OWNER_DATABASE_URL": urls[OWNER],
            "TEMPORAL_ADDRESS": temporal.address,
        }


@pytest.mark.stack
@pytest.mark.slow
def test_O16_the_stack_works_with_a_database_and_a_temporal_from_outside(
    elsewhere: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, **elsewhere, "CVMS_HOME": str(home), "CVMS_PORT": "18731"}
    command = [sys.executable, "-u", "-m", "webapp.cli", "up"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = _until_up(running)
        published = json.loads((home / "run" / "stack.json").read_text())
        assert published["pids"].keys() == {"supervisor", "mail", "worker", "web"}, said
        engine = make_engine(elsewhere["DATABASE_URL"], pool_size=1)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM accounts")).scalar_one() == 0, "no demo data there"
        reached = text("SELECT count(*) FROM worker_heartbeats WHERE temporal_problem IS NULL")
        eventually(lambda: _ask(engine, reached) > 0, within=30)
        engine.dispose()
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=15)
    assert running.returncode == 0


def _ask(engine: Any, question: Any) -> int:
    with engine.connect() as connection:
        return int(connection.execute(question).scalar_one())


def _until_up(running: subprocess.Popen[str]) -> str:
    said, until = "", time.monotonic() + 120
    assert running.stdout
    while time.monotonic() < until:
        line = running.stdout.readline()
        said += line
        if "Stop everything with Ctrl-C" in line:
            return said
        if not line and running.poll() is not None:
            break
    pytest.fail(f"it did not start: {said}")
