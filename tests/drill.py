"""`make drill`: back up a living system, let it go on, destroy its database, restore, and compare everything (D7)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from deploy.local import components
from deploy.local.commands import Commands
from deploy.local.ports import HOST, free_ports
from deploy.local.servers.databases import APP, DATABASE, OWNER, WORKER, drop_database, prepare_database
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.temporal import TemporalServer
from models.crypto.sealing import use_secret
from models.postgres.database import make_engine
from tests.database import Database
from tests.drill_on_one_machine import restore_by_the_page
from tests.enrollment_story import EnrollmentStory
from tests.terminal import say

ROOT = Path(__file__).resolve().parents[1]
PASSWORDS = {OWNER: "owner", APP: "app", WORKER: "worker"}
SECRET = "a-secret-of-the-drill-that-is-long-enough"
PATIENCE = 60.0


class Drill:
    """A system with demo data, and what is done to it."""

    def __init__(self, home: Path, postgres: Postgres, temporal: TemporalServer) -> None:
        self.home, self._postgres = home, postgres
        smtp, self._mails = free_ports(2)
        urls = {role: postgres.url(database=DATABASE, user=role, password=PASSWORDS[role]) for role in PASSWORDS}
        self.environment = {
            "CVMS_HOME": str(home),
            "CVMS_SECRET_KEY": SECRET,
            "CVMS_SMTP_URL": f"smtp://{HOST}:{smtp}",
            "DATABASE_URL": urls[APP],
            "CVMS_WORKER_DATABASE_URL": urls[WORKER],
            "CVMS_OWNER_DATABASE_URL": urls[OWNER],
            "TEMPORAL_ADDRESS": temporal.address,
        }
        ordered = [urls[role] for role in (APP, WORKER, OWNER)]
        self.database = Database(*ordered, *(make_engine(url) for url in ordered))
        self.catcher = components.mail_catcher(root=ROOT, home=home, smtp_port=smtp, http_port=self._mails)

    def begin(self) -> None:
        """Tables, demo data, the catcher."""
        use_secret(SECRET)
        prepare_database(self._postgres.url(), PASSWORDS)
        commands = Commands(ROOT, self.home, self.environment)
        commands.migrate()
        commands.seed()
        self.catcher.child.start()
        self.catcher.wait_ready()

    def destroy(self) -> None:
        """The database is gone; a new one is empty."""
        self.database.dispose()
        drop_database(self._postgres.url())
        prepare_database(self._postgres.url(), PASSWORDS)

    @contextmanager
    def working(self) -> Iterator[None]:
        """A worker, until it is stopped."""
        worker = components.worker(root=ROOT, home=self.home, environment=self.environment)
        worker.start()
        worker.wait_ready()
        yield
        worker.child.stop(timeout=5)

    def cvms(self, *arguments: str) -> str:
        """A command of the product, as an operator gives it."""
        command = [sys.executable, "-m", "webapp.cli", *arguments]
        environment = {**os.environ, **self.environment}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"cvms {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def ask(self, question: str) -> int:
        """One number from the database."""
        with self.database.owner_engine.connect() as connection:
            return int(connection.execute(text(question)).scalar_one())

    def quiet(self) -> bool:
        """Everything was heard and handed over."""
        busy = "SELECT (SELECT count(*) FROM processes WHERE open AND heard < told)"
        return self.ask(f"{busy} + (SELECT count(*) FROM messages WHERE status IN ('waiting', 'sending'))") == 0

    def mails(self) -> Counter[str]:
        """How often each mail was caught."""
        with urllib.request.urlopen(f"http://{HOST}:{self._mails}/api/mails", timeout=10) as answer:
            return Counter(mail["message_id"] for mail in json.load(answer))


def wait_for(met: Callable[[], bool], what: str) -> None:
    """Wait until it is so; the drill fails when it does not become so."""
    until = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > until:
            raise SystemExit(f"The drill failed: {what}")
        time.sleep(0.1)


def before_the_disaster(drill: Drill) -> Path:
    """A backup, and then work that it does not know: another enrollment, and a process in its second life."""
    backup = drill.home / "backup"
    with drill.working():
        wait_for(drill.quiet, "the system did not come to rest before the backup")
        say(drill.cvms("backup", str(backup)))
        EnrollmentStory(drill.database).list_location()
        with drill.database.owner_engine.connect() as connection:
            [process] = connection.execute(text("SELECT id FROM processes WHERE open ORDER BY id LIMIT 1")).scalars()
        drill.cvms("rebuild", "--process", str(process))
        wait_for(drill.quiet, "the system did not come to rest after the backup")
    return backup


def after_the_disaster(drill: Drill, backup: Path) -> None:
    """Restore into a new database and see that everything lives again, and nobody got a mail twice."""
    caught = drill.mails()
    drill.destroy()
    told = drill.cvms("restore", str(backup))
    say(told)
    # Every life of before is over, and two were begun after the backup.
    lives = drill.ask("SELECT count(*) FROM processes WHERE open") + 2
    if f"\n{lives} processes ran in Temporal" not in told:
        raise SystemExit(f"The drill failed: {lives} lives should have been found in Temporal")
    with drill.working():
        wait_for(drill.quiet, "the restored processes did not hear their news")
        say(drill.cvms("rebuild"))
        wait_for(
            lambda: drill.ask("SELECT count(*) FROM processes WHERE open AND running_seen_at IS NULL") == 0, "census"
        )
        say(drill.cvms("verify"))
    repeated = {mail: count for mail, count in (drill.mails() - caught).items() if mail in caught}
    if repeated:
        raise SystemExit(f"The drill failed: mails went out twice: {repeated}")


def main() -> None:
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="cvms-drill-") as folder,
        Postgres(Path(folder) / "postgres", password="drill", binaries=os.environ.get("CVMS_PG_BIN")) as postgres,
        TemporalServer(Path(folder) / "temporal.db") as temporal,
    ):
        Path(folder).chmod(0o755)
        drill = Drill(Path(folder), postgres, temporal)
        try:
            drill.begin()
            backup = before_the_disaster(drill)
            lost = time.monotonic()
            after_the_disaster(drill, backup)
        finally:
            drill.database.dispose()
            drill.catcher.child.stop(timeout=5)
    restore_by_the_page()
    say(f"The drill went well: {time.monotonic() - began:.0f} s, {time.monotonic() - lost:.0f} s of it after the loss.")


if __name__ == "__main__":
    main()
