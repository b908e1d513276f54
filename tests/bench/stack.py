"""The real parts of a bench run on free ports, each started and stopped by itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import text

from deploy.local import components
from deploy.local.commands import Commands
from deploy.local.ports import HOST, answers, free_ports
from deploy.local.processes import Child, Command
from deploy.local.servers.databases import APP, DATABASE, OWNER, WORKER, prepare_database
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.temporal import TemporalServer
from models.migrations import upgrade
from models.postgres.database import make_engine
from models.running.settings import Settings, load_settings
from tests.bench.bare_page import PRESSES
from tests.database import Database

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-bench-that-is-long-enough"
PASSWORDS = {role: f"{role}-password" for role in (OWNER, APP, WORKER)}


@dataclass(frozen=True)
class Place:
    """A database of the run: the addresses in it, and the settings of a web app on it."""

    database: Database
    settings: Settings


class BenchStack:
    """PostgreSQL and Temporal as `make run` has them; worker, web and their bare counterparts start when asked."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.web_port, self.bare_port = free_ports(2)
        self.postgres = Postgres(home / "postgres", password="bench", binaries=os.environ.get("CVMS_PG_BIN"))
        self.temporal = TemporalServer(home / "temporal.db")
        self.environment = self._environment(DATABASE)
        self.worker = components.worker(root=ROOT, home=home, environment=self.environment)
        self.web = components.web(root=ROOT, home=home, port=self.web_port, environment=self.environment)
        gunicorn = ["gunicorn", "tests.bench.bare_page:create_app()", "--bind", f"{HOST}:{self.bare_port}"]
        self.bare_web = self._own("bare-web", [*gunicorn, "--config", "python:webapp.serving"])
        self.bare_worker = self._own("bare-worker", ["tests.bench.bare_processes"])

    def __enter__(self) -> Self:
        self.postgres.start()
        self.temporal.start()
        self.postgres.wait_ready()
        self.temporal.wait_ready()
        prepare_database(self.postgres.url(), PASSWORDS)
        Commands(ROOT, self.home, self.environment).migrate()
        return self

    def __exit__(self, *_: object) -> None:
        for child in (self.web.child, self.bare_web, self.worker.child, self.bare_worker):
            child.stop()
        self.temporal.stop()
        self.postgres.stop()

    def start_web(self) -> None:
        """The web app and the bare page, both ready."""
        with self.place.database.owner_engine.begin() as connection:
            connection.execute(text(PRESSES))
            for made in ("bench_presses", "bench_presses_id_seq"):
                connection.execute(text(f"GRANT ALL ON {made} TO {APP}"))
        self.web.start()
        self.bare_web.start()
        self.web.wait_ready()
        self.bare_web.wait_ready(lambda: answers(self.bare_port), timeout=30)

    @property
    def place(self) -> Place:
        """The database of the running parts."""
        return self._place(self.environment)

    def another_place(self, name: str) -> Place:
        """Another database of the same server, with its tables."""
        prepare_database(self.postgres.url(), PASSWORDS, database=name)
        environment = self._environment(name)
        upgrade(environment["CVMS_OWNER_DATABASE_URL"])
        return self._place(environment)

    def _place(self, environment: Mapping[str, str]) -> Place:
        urls = [environment[name] for name in ("DATABASE_URL", "CVMS_WORKER_DATABASE_URL", "CVMS_OWNER_DATABASE_URL")]
        database = Database(*urls, *(make_engine(url) for url in urls))
        return Place(database, load_settings(environment))

    def _own(self, name: str, module: Sequence[str]) -> Child:
        arguments = [sys.executable, "-m", *module]
        return Child(Command(name, arguments, components.log_file(self.home, name), self.environment, folder=ROOT))

    def _environment(self, database: str) -> dict[str, str]:
        def url(role: str) -> str:
            return self.postgres.url(database=database, user=role, password=PASSWORDS[role])

        return {
            "CVMS_HOME": str(self.home),
            "CVMS_PORT": str(self.web_port),
            "CVMS_SECRET_KEY": SECRET,
            "CVMS_PUBLIC_URL": f"http://localhost:{self.web_port}",
            "DATABASE_URL": url(APP),
            "CVMS_WORKER_DATABASE_URL": url(WORKER),
            "CVMS_OWNER_DATABASE_URL": url(OWNER),
            "TEMPORAL_ADDRESS": self.temporal.address,
            "TEMPORAL_NAMESPACE": "default",
        }
