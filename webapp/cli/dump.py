"""A backup as a folder: PostgreSQL's own dump, and a manifest that says what must be in it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from sqlalchemy import make_url

from deploy.local.processes import StackError
from deploy.local.servers.postgres import find_programs
from models.queries.operations.fingerprints import Fingerprint

DUMP = "database.dump"
MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `revision` is that of the tables; `audit_head` names the newest seal."""

    taken_at: str
    revision: str
    audit_count: int
    audit_head: str
    sha256: str
    tables: dict[str, Fingerprint]

    def write(self, folder: Path) -> None:
        """Written last, and whole: a folder without it is no backup."""
        part = folder / f"{MANIFEST}.part"
        part.write_text(json.dumps({"format": FORMAT, **asdict(self)}, indent=2), encoding="utf-8")
        part.replace(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose dump is whole; refuses everything else."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise click.ClickException(f"There is no finished backup in {folder}.") from None
    if not isinstance(found, dict):
        raise click.ClickException(f"There is no finished backup in {folder}.")
    if found.pop("format", None) != FORMAT:
        raise click.ClickException("The backup was made by another version of the product.")
    try:
        tables = {name: Fingerprint(**entry) for name, entry in found.pop("tables").items()}
        manifest = Manifest(**found, tables=tables)
    except (AttributeError, KeyError, TypeError):
        raise click.ClickException(f"{folder / MANIFEST} is cut or was changed: the backup is not restored.") from None
    if sha256(folder / DUMP) != manifest.sha256:
        raise click.ClickException("The dump was changed or cut since the backup was made: it is not restored.")
    return manifest


def write_dump(programs: str | None, owner_url: str, *, snapshot: str, file: Path) -> None:
    """Dump the database as it is in a snapshot that another connection holds."""
    file.touch(mode=0o600)
    _run(programs, "pg_dump", owner_url, ["--format=custom", f"--snapshot={snapshot}", f"--file={file}"])


def load_dump(programs: str | None, owner_url: str, file: Path) -> None:
    """Bring a dump into an empty database: all of it, or nothing.

    By way of psql, since pg_restore sets something that servers before 17 do not know.
    """
    read = [str(_program(programs, "pg_restore")), "--no-owner", "--file=-", str(file)]
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen(read, stdout=subprocess.PIPE, stderr=said) as reading:
        _feed(programs, owner_url, reading)
        if reading.returncode:
            said.seek(0)
            raise click.ClickException(f"pg_restore failed: {_last_line(said.read())}")


def _feed(programs: str | None, owner_url: str, reading: subprocess.Popen[bytes]) -> None:
    """Hand the statements to psql, and end it without a commit when the dump could not be read to its end."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    command, environment = _addressed(programs, "psql", owner_url, options)
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=said) as writing,
    ):
        assert reading.stdout is not None  # both were asked for as pipes
        assert writing.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            writing.stdin.writelines(_known_to_every_version(reading.stdout))
            if reading.wait():
                writing.kill()
        with contextlib.suppress(BrokenPipeError):
            writing.stdin.close()
        if writing.wait() and not reading.returncode:
            said.seek(0)
            reading.kill()
            raise click.ClickException(f"psql failed: {_last_line(said.read())}")


def _known_to_every_version(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The statements without the one that servers before 17 refuse; it stands before the first row of data."""
    data = False
    for line in lines:
        data = data or line.startswith(b"COPY ")
        if data or line.rstrip() != b"SET transaction_timeout = 0;":
            yield line


def sha256(file: Path) -> str:
    """The hash of a file, read in pieces."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _run(programs: str | None, name: str, owner_url: str, arguments: list[str]) -> None:
    """One of PostgreSQL's programs, to its end."""
    command, environment = _addressed(programs, name, owner_url, arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{name} failed: {_last_line(done.stderr)}")


def _addressed(
    programs: str | None, name: str, owner_url: str, arguments: list[str]
) -> tuple[list[str], dict[str, str]]:
    """A program's command and environment. The password goes by the latter, where no list of processes shows it."""
    url = make_url(owner_url)
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, "PGPASSWORD": url.password or "", "PGTZ": "UTC", "PGCONNECT_TIMEOUT": "5"}
    return [str(_program(programs, name)), f"--dbname={address}", *arguments], environment


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or ["without a word"])[-1]


def _program(programs: str | None, name: str) -> Path:
    try:
        program = find_programs(programs) / name
    except StackError as problem:
        raise click.ClickException(str(problem)) from None
    if not program.exists():
        raise click.ClickException(f"There is no {name} in {program.parent}; set CVMS_PG_BIN to a folder that has it.")
    return program
