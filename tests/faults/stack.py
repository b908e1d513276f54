"""The real processes of one fault run: started apart, killed by their id, started again."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx
import psutil
import psycopg2

from deploy.local import components
from deploy.local.commands import Commands
from deploy.local.ports import HOST, answers, free_ports
from deploy.local.processes import Child, Command
from deploy.local.servers.databases import DATABASE, ROLES, prepare_database
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.temporal import TemporalServer

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-fault-runs-that-is-long-enough"


@dataclass
class Part:
    """A killable part: `down_for` gives the shortest and the longest pause before it starts again."""

    name: str
    child: Child
    down_for: tuple[float, float]
    begin: Callable[[], None]
    held: bool = False
    start_at: float = 0.0
    next_pause: float | None = None


class FaultStack:
    """PostgreSQL, Temporal, mail catcher, worker and web on free ports, with a watcher that revives what died."""

    def __init__(
        self,
        home: Path,
        mutant: str = "",
        environments: Mapping[str, Mapping[str, str]] | None = None,
        *,
        temporal_limits: Mapping[str, str] | None = None,
    ) -> None:
        self.home, self._mutant, self._environments = home, mutant, environments or {}
        of_postgres = self._environments.get("postgres")
        passwords = {role: f"{role}-password" for role in ROLES}
        self._smtp, self._mail_http, self._web_port = free_ports(3)
        binaries = os.environ.get("CVMS_PG_BIN")
        self._postgres = Postgres(home / "postgres", password="faults", binaries=binaries, environment=of_postgres)
        self._temporal = TemporalServer(home / "temporal.db", limits=temporal_limits)
        self._passwords = passwords
        self.web_url = f"http://localhost:{self._web_port}"
        self.mail_url = f"http://localhost:{self._mail_http}"
        self.environment = self._settings()
        self.parts: dict[str, Part] = {}
        self._watching = threading.Event()
        self._watcher = threading.Thread(target=self._revive_for_ever, daemon=True)
        self._pauses = random.Random(4)  # pauses, not secrets

    def __enter__(self) -> Self:
        self._postgres.start()
        self._temporal.start()
        self._postgres.wait_ready()
        self._temporal.wait_ready()
        prepare_database(self._postgres.url(), self._passwords)
        Commands(ROOT, self.home, self.environment).migrate()
        if self._mutant == "early-answer":
            answer_before_the_commit(self._postgres.url())
        self._add("postgres", self._postgres.child, (0.0, 1.0), self._postgres.start)
        mail = components.mail_catcher(root=ROOT, home=self.home, smtp_port=self._smtp, http_port=self._mail_http)
        self._add("mail", mail.child, (0.2, 1.0))
        self._add("temporal", self._temporal.child, (0.2, 3.0))
        self._add("worker", self._mutable("Worker", ["worker"]), (0.0, 0.3))
        self._add("web", self._mutable("Web", ["web", str(self._web_port)]), (0.0, 0.3))
        for name in ("mail", "worker", "web"):
            self.parts[name].child.start()
        self.parts["web"].child.wait_ready(lambda: answers(self._web_port), timeout=60)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watching.set()
        self._watcher.join()
        for name in ("web", "worker", "mail"):
            self.parts[name].child.stop()
        self._temporal.stop()
        self._postgres.stop()

    @property
    def owner_url(self) -> str:
        return self.environment["CVMS_OWNER_DATABASE_URL"]

    def kill(self, name: str) -> None:
        """Kill a part with -9, without a word; `ProcessLookupError` when it does not run."""
        if not self.parts[name].child.running:
            raise ProcessLookupError(name)
        for process in self._processes(name):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def kill_all(self, names: Iterable[str], chance: random.Random) -> None:
        """Kill several parts in one instant; they start again in random order."""
        running = [name for name in names if self.parts[name].child.running]
        doomed = [process for name in running for process in self._processes(name)]
        for number, name in enumerate(chance.sample(running, len(running))):
            self.parts[name].next_pause = number * chance.uniform(0.1, 1.0)
        for process in doomed:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def freeze(self, name: str) -> None:
        """Stop a part where it stands: it keeps its connections and answers nothing."""
        for process in self._processes(name):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self, name: str) -> None:
        for process in self._processes(name):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def _processes(self, name: str) -> list[psutil.Process]:
        """The part's process, and for PostgreSQL its children, which outlive a killed postmaster."""
        leader = psutil.Process(self.parts[name].child.pid)
        return [leader, *leader.children(recursive=True)] if name == "postgres" else [leader]

    def kill_web_worker(self) -> None:
        """Kill one of the web's own workers; its master starts another."""
        children = psutil.Process(self.parts["web"].child.pid).children()
        if children:
            self._pauses.choice(children).kill()

    def hold(self, name: str) -> None:
        """Kill a part and keep it down until `let_go`."""
        self.parts[name].held = True
        with contextlib.suppress(ProcessLookupError):
            self.kill(name)

    def let_go(self, name: str) -> None:
        self.parts[name].held = False

    def heal(self) -> None:
        """Let everything run again, and wait until it does."""
        for part in self.parts.values():
            part.held = False
        until = time.monotonic() + 60
        while not all(part.child.running for part in self.parts.values()) or not self._is_ready():
            if time.monotonic() > until:
                raise TimeoutError("the stack did not come back within 60 s")
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.web_url}/healthz/ready", timeout=3).status_code == 200
        except httpx.TransportError:
            return False

    def _add(
        self, name: str, child: Child, down_for: tuple[float, float], begin: Callable[[], None] | None = None
    ) -> None:
        self.parts[name] = Part(name, child, down_for, begin or child.start)

    def _mutable(self, name: str, arguments: list[str]) -> Child:
        """A process of our own, with one protection taken out where a mutant is asked for."""
        command = [sys.executable, "-m", "tests.faults.mutants", *arguments]
        environment = {**self.environment, "MUTANT": self._mutant, **self._environments.get(name.lower(), {})}
        return Child(Command(name, command, components.log_file(self.home, name.lower()), environment, folder=ROOT))

    def _revive_for_ever(self) -> None:
        while not self._watching.wait(0.05):
            for part in self.parts.values():
                self._revive(part)

    def _revive(self, part: Part) -> None:
        if part.child.running or part.held:
            return
        now = time.monotonic()
        if not part.start_at:
            part.child.wait_stopped(timeout=0)
            pause = self._pauses.uniform(*part.down_for) if part.next_pause is None else part.next_pause
            part.start_at, part.next_pause = now + pause, None
        if now >= part.start_at:
            part.start_at = 0.0
            part.begin()

    def _settings(self) -> dict[str, str]:
        def database(role: str) -> str:
            return self._postgres.url(database=DATABASE, user=role, password=self._passwords[role])

        return {
            "CVMS_HOME": str(self.home),
            "CVMS_PORT": str(self._web_port),
            "CVMS_SECRET_KEY": SECRET,
            "CVMS_PUBLIC_URL": self.web_url,
            "CVMS_TRUSTED_PROXIES": HOST,
            "CVMS_SMTP_URL": f"smtp://{HOST}:{self._smtp}",
            "DATABASE_URL": database("cvms_app"),
            "CVMS_WORKER_DATABASE_URL": database("cvms_worker"),
            "CVMS_OWNER_DATABASE_URL": database("cvms_owner"),
            "TEMPORAL_ADDRESS": self._temporal.address,
            "TEMPORAL_NAMESPACE": "default",
        }


def answer_before_the_commit(url: str) -> None:
    """The mutant `early-answer`: PostgreSQL acknowledges a commit long before it is on the disk."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'"):
            cursor.execute(f"ALTER SYSTEM SET {setting}")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()
