"""`cvms backup`: the whole database as it is at one moment, in a folder, with a manifest to compare it with."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from models.domain.core.audit.chain import GENESIS
from models.postgres.database import make_engine, transaction
from models.queries.core.audit import chain_head
from models.queries.operations.fingerprints import export_snapshot, fingerprints
from models.queries.operations.health import read_health
from models.running.settings import Settings
from webapp.cli.dump import DUMP, Manifest, sha256, write_dump
from webapp.cli.env import command_settings

ONE_MOMENT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Write the whole database to FOLDER, which must be new or empty; the system may go on meanwhile."""
    settings = command_settings()
    if not settings.owner_database_url:
        raise click.ClickException("A backup is made as the owner of the tables: set CVMS_OWNER_DATABASE_URL.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty.")
    try:
        manifest = _dump(settings, folder)
    except OperationalError:
        raise click.ClickException("The database cannot be reached.") from None
    manifest.write(folder)
    rows = sum(table.rows for table in manifest.tables.values())
    click.echo(f"{len(manifest.tables)} tables with {rows} rows are in {folder}, as of {manifest.taken_at}.")


def _dump(settings: Settings, folder: Path) -> Manifest:
    """The dump and its manifest see the very same state."""
    engine = make_engine(settings.owner_database_url, pool_size=1)
    with transaction(engine) as session:
        for statement in ONE_MOMENT:
            session.execute(text(statement))
        taken_at = session.execute(text("SELECT now()")).scalar_one()
        file = folder / DUMP
        write_dump(settings.pg_bin, settings.owner_database_url, snapshot=export_snapshot(session), file=file.resolve())
        head = chain_head(session)
        return Manifest(
            taken_at=taken_at.isoformat(timespec="seconds"),
            revision=read_health(session).database_revision or "",
            audit_count=head.seq if head else 0,
            audit_head=head.hash if head else GENESIS,
            sha256=sha256(file),
            tables=fingerprints(session),
        )
