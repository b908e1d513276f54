"""The second half of `make drill`: the restore on one machine, with the commands that docs/operations.md gives (O2)."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import text

from deploy.local.ports import free_ports
from models.crypto.sealing import Vault
from models.postgres.database import make_engine
from tests.terminal import say

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "operations.md"
SECTION = re.compile(r"^### Restore on one machine\n(.*?)^### ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
STARTED = "Stop everything with Ctrl-C"
PATIENCE = 180.0
COUNTED = {
    "accounts": "SELECT count(*) FROM accounts",
    "enrollments": "SELECT count(*) FROM enrollments",
    "open processes": "SELECT count(*) FROM processes WHERE open",
    "decisions": "SELECT count(*) FROM decisions",
}


def documented_commands() -> list[str]:
    """The commands of the page, in order."""
    [section] = SECTION.findall(PAGE.read_text(encoding="utf-8"))
    return [line for block in BLOCK.findall(section) for line in block.splitlines() if line.strip()]


class Machine:
    """One machine with an old and a new data folder; a stack that was started is stopped before the next begins."""

    def __init__(self, folder: Path) -> None:
        self.old, self.new, self.backup = folder / "old", folder / "new", folder / "backup"
        given = {"OLD_HOME": str(self.old), "NEW_HOME": str(self.new), "BACKUP": str(self.backup)}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {**os.environ, **given, "PATH": path, "CVMS_PORT": str(free_ports(1)[0])}
        self._stack: subprocess.Popen[str] | None = None

    def give(self, command: str) -> str:
        """One line, as somebody types it; `cvms up` keeps running in its terminal."""
        say(f"$ {command}")
        if " cvms up" in command:
            return self._start(command)
        done = subprocess.run(
            ["bash", "-c", command], cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"The drill failed at: {command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def stop(self) -> None:
        """Ctrl-C in the terminal of the stack."""
        if self._stack:
            self._stack.send_signal(signal.SIGINT)
            self._stack.communicate(timeout=30)
        self._stack = None

    def facts(self, home: Path) -> dict[str, int]:
        """What must be there before and after; one number each."""
        engine = make_engine(published(home)["CVMS_OWNER_DATABASE_URL"], pool_size=1)
        with engine.connect() as connection:
            found = {name: int(connection.execute(text(asked)).scalar_one()) for name, asked in COUNTED.items()}
            secrets = connection.execute(
                text("SELECT totp_sealed FROM accounts WHERE totp_sealed IS NOT NULL")
            ).scalars()
            vault = Vault(published(home)["CVMS_SECRET_KEY"])
            found["second factors"] = sum(bool(vault.open(sealed)) for sealed in secrets)
        engine.dispose()
        return found

    def _start(self, command: str) -> str:
        self.stop()
        self._stack = subprocess.Popen(
            ["bash", "-c", f"exec env {command}"],
            cwd=ROOT,
            env={**self._environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self._until_started(self._stack)

    def _until_started(self, stack: subprocess.Popen[str]) -> str:
        said, until = "", time.monotonic() + PATIENCE
        while STARTED not in said and time.monotonic() < until and stack.stdout:
            line = stack.stdout.readline()
            if not line and stack.poll() is not None:
                break
            said += line
        if STARTED not in said:
            raise SystemExit(f"The drill failed: the stack did not start:\n{said}")
        return said


def published(home: Path) -> dict[str, str]:
    """Where the stack that runs in a folder is."""
    found: dict[str, str] = json.loads((home / "run" / "stack.json").read_text(encoding="utf-8"))
    return found


def restore_by_the_page() -> None:
    """An old system with demo data, its loss, and the page's commands; raises `SystemExit` when something is amiss."""
    with tempfile.TemporaryDirectory(prefix="cvms-drill-") as folder, ExitStack() as stack:
        machine = Machine(Path(folder))
        stack.callback(machine.stop)
        machine.give('CVMS_HOME="$OLD_HOME" cvms up')
        first, *rest = documented_commands()
        before = machine.facts(machine.old)
        machine.give(first)
        machine.stop()
        shutil.rmtree(machine.old / "postgres")
        said = "".join(machine.give(command) for command in rest)
        after = machine.facts(machine.new)
        if before != after:
            raise SystemExit(f"The drill failed: {before} before, {after} after")
        if "every row compared" not in said or "--fresh" in said:
            raise SystemExit(f"The drill failed: this was said:\n{said}")
