"""PostgreSQL 15, the oldest that the product runs on, for the tests: the one of the operating system, never started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.setup.step import SetupError, run

SETTING = "CVMS_PG15_BIN"
PLACES = (
    "/usr/lib/postgresql/15/bin",
    "/usr/pgsql-15/bin",
    "/opt/homebrew/opt/postgresql@15/bin",
    "/usr/local/opt/postgresql@15/bin",
)
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "postgresql-15")
# Debian's package makes and starts a cluster of its own unless it is told not to.
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/cvms-tests.conf")
MISSING = (
    "PostgreSQL 15 was not found, so nothing is tested on the oldest version that the product runs on. "
    f"Debian 12: sudo {' '.join(INSTALL)}; elsewhere: https://www.postgresql.org/download/. "
    f"{SETTING} names the folder that holds its initdb and postgres."
)


def find_postgres15(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of its programs, where there is one; a folder that is set is taken at its word."""
    if given := environ.get(SETTING):
        return Path(given)
    return next((folder for place in PLACES if (folder := Path(place)).joinpath("postgres").exists()), None)


def in_build(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a build asks, which must not leave anything untested."""
    return environ.get("CI", "").lower() not in ("", "0", "false")


def ensure_postgres15() -> None:
    """Install it where that is allowed; else a build ends here, and a person is told what is not tested."""
    if find_postgres15():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    if find_postgres15():
        return
    if in_build():
        raise SetupError(MISSING)
    sys.stderr.write(f"{MISSING}\n")


def _install() -> None:
    run(["apt-get", "update"])
    shown = subprocess.run(["apt-cache", "show", INSTALL[-1]], capture_output=True, check=False)
    if shown.returncode:
        return
    print("PostgreSQL 15 is missing; installing it for the tests …", flush=True)
    NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_CLUSTER.write_text("create_main_cluster = false\n")
    try:
        run(INSTALL, environment={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    finally:
        NO_CLUSTER.unlink()
