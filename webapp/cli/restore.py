"""`cvms restore`: a backup back into an empty database, made safe to work with, and Temporal brought in line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import click
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from models.domain.core.actors import SYSTEM
from models.migrations import knows_revision, upgrade
from models.postgres.database import make_engine, transaction
from models.queries.operations.fingerprints import differing, fingerprints, others_connected, table_names
from models.running.settings import Settings
from models.store.core.act import Act
from models.store.operations.restore import send_held, settle_restored
from webapp.cli.dump import DUMP, Manifest, load_dump, read_manifest
from webapp.cli.env import command_settings, surroundings


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--without-temporal", is_flag=True, help="Temporal starts empty: there is nothing to bring in line.")
@click.option("--settle", is_flag=True, help="The database went back by other means: do only what must follow.")
@click.option("--send-waiting", is_flag=True, help="Send the messages that a restore holds; needs no FOLDER.")
def restore(folder: Path | None, without_temporal: bool, settle: bool, send_waiting: bool) -> None:
    """Bring the backup in FOLDER into an empty database. Web and worker must be stopped."""
    settings = command_settings()
    if not settings.owner_database_url:
        raise click.ClickException("A restore is made as the owner of the tables: set CVMS_OWNER_DATABASE_URL.")
    engine = make_engine(settings.owner_database_url, pool_size=1)
    try:
        if send_waiting:
            _send_waiting(engine)
            return
        if folder is not None:
            _load(engine, settings, folder)
        elif not settle:
            raise click.UsageError("Name the folder of the backup.")
        _settle(engine)
        _bring_temporal_in_line(without_temporal)
    except OperationalError:
        raise click.ClickException("The database cannot be reached.") from None
    finally:
        engine.dispose()


def _load(engine: Engine, settings: Settings, folder: Path) -> None:
    manifest = read_manifest(folder)
    if not knows_revision(manifest.revision):
        raise click.ClickException("The backup is of a newer version of the product: restore it with that version.")
    _insist_on_empty(engine)
    engine.dispose()
    load_dump(settings.pg_bin, settings.owner_database_url, (folder / DUMP).resolve())
    _compare(engine, manifest)
    upgrade(settings.owner_database_url)
    click.echo(f"{len(manifest.tables)} tables are as they were at {manifest.taken_at}: every row compared.")


def _settle(engine: Engine) -> None:
    with transaction(engine) as session:
        if others_connected(session):
            raise click.ClickException("Somebody is connected to the database. Stop web and worker first.")
        settled = settle_restored(Act(session, SYSTEM, f"restore/{uuid4().hex}"))
    click.echo(f"{settled.processes} open processes get a new life from the facts when the worker starts.")
    click.echo(f"{settled.sessions} sessions ended, {settled.links} links to a password revoked.")
    if settled.held:
        click.echo(f"{settled.held} messages waited then and may have been sent since. They are held: look at the")
        click.echo("system page, or send all of them with cvms restore --send-waiting.")


def _insist_on_empty(engine: Engine) -> None:
    with transaction(engine) as session:
        if table_names(session):
            raise click.ClickException("The database is not empty. Make a new one and restore into that.")
        if others_connected(session):
            raise click.ClickException("Somebody is connected to the database. Stop web and worker first.")


def _compare(engine: Engine, manifest: Manifest) -> None:
    with transaction(engine) as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        wrong = differing(fingerprints(session), manifest.tables)
    if wrong:
        raise click.ClickException(f"These tables are not what the manifest says: {', '.join(wrong)}.")


def _bring_temporal_in_line(without_temporal: bool) -> None:
    """What Temporal still runs of after the backup ends; the command line itself never meets Temporal."""
    if without_temporal:
        return
    command = [sys.executable, "-m", "workflows.engine.reconcile"]
    done = subprocess.run(command, env={**os.environ, **surroundings()}, check=False)
    if done.returncode:
        raise click.ClickException("Temporal was not brought in line: run python -m workflows.engine.reconcile again.")


def _send_waiting(engine: Engine) -> None:
    with transaction(engine) as session:
        sent = send_held(Act(session, SYSTEM, f"send-held/{uuid4().hex}"))
    click.echo(f"{sent} messages are sent now." if sent else "No message is held.")
