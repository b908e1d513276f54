"""`cvms audit-export`: the audit trail as a file that proves itself, and the proof."""

from __future__ import annotations

import os
from pathlib import Path

import click
from sqlalchemy import Engine

from models.domain.core.audit.chain import GENESIS
from models.domain.core.audit.export import last_line, prove, row_line
from models.postgres.database import make_engine, transaction
from models.queries.core.audit import sealed_rows
from webapp.cli.env import command_settings, database_of

BATCH = 5000


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Prove the chain of an export; needs no database.")
@click.option("--head", help="With --check: a hash that the worker's log named; it must stand in the chain.")
def audit_export(file: Path, check: bool, head: str | None) -> None:
    """Write the sealed audit trail to FILE as JSON lines, or prove such a file."""
    if head and not check:
        raise click.BadParameter("goes with --check", param_hint="--head")
    if check:
        _check(file, head)
        return
    engine = make_engine(database_of(command_settings()), pool_size=1)
    count, last = _write(engine, file)
    click.echo(f"{count} rows are in {file}. Head: {last}")


def _write(engine: Engine, file: Path) -> tuple[int, str]:
    """The rows in batches; rows that are sealed meanwhile come along, and the chain stays whole."""
    count, head = 0, GENESIS
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        while True:
            with transaction(engine) as session:
                batch = sealed_rows(session, after=count, limit=BATCH)
            out.writelines(row_line(sealed) for sealed in batch)
            count, head = (batch[-1].seq, batch[-1].hash) if batch else (count, head)
            if len(batch) < BATCH:
                out.write(last_line(head=head, count=count))
                return count, head


def _check(file: Path, head: str | None) -> None:
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            proof = prove(lines, head=head)
    except FileNotFoundError:
        raise click.ClickException(f"There is no file {file}.") from None
    for fault in proof.faults:
        click.echo(f"BROKEN {fault}")
    if proof.faults:
        raise SystemExit(1)
    click.echo(f"ok     {proof.count} rows, the chain is whole. Head: {proof.head}")
