"""`cvms seed`: demo data with cases in every state, the same each time."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from models.crypto.sealing import use_secret
from models.postgres.database import make_engine, transaction
from models.running.settings import Settings
from models.store.core.clock import db_now
from models.store.operations.demo import empty_database, is_empty, set_clock
from webapp.cli.demo.people import PASSWORD, STAFF, hire, totp_secret
from webapp.cli.demo.scenes import SCENES
from webapp.cli.env import command_settings

APPLICANTS = (
    ("ana@blueridge.example.org", "administrator, in review"),
    ("lucia@saludcatawba.example.org", "administrator, draft, in Spanish"),
)


@click.command()
@click.option("--fresh", is_flag=True, help="Delete everything first.")
def seed(fresh: bool) -> None:
    """Fill the database with demo data; refused in production and, without --fresh, where there is data."""
    settings = command_settings()
    if settings.production:
        raise click.ClickException("Production takes no demo data.")
    if not settings.owner_database_url:
        raise click.ClickException("No stack runs, so there is no database to fill. Start one with make run.")
    use_secret(settings.secret_key)
    with transaction(make_engine(settings.owner_database_url, pool_size=1)) as session:
        if fresh:
            empty_database(session)
        elif not is_empty(session):
            raise click.ClickException("There is data already; cvms seed --fresh replaces it.")
        _tell_everything(session)
    _write_accounts(settings)
    click.echo(f"Demo data is in: {len(SCENES)} scenes.")


def _tell_everything(session: Session) -> None:
    """Every scene in one transaction, in which time moves; nobody sees half of it."""
    today = db_now(session)
    staff = {member.email.partition(".")[0]: hire(session, member) for member in STAFF}
    for scene in SCENES:
        scene(session, today, staff)
        set_clock(session, None)


def _write_accounts(settings: Settings) -> None:
    """The list of demo accounts, for the start screen and the authenticator page."""
    staff: list[dict[str, str | None]] = [
        {"role": member.role.value, "email": member.email, "note": member.note, "totp": totp_secret(member.email)}
        for member in STAFF
    ]
    applicants: list[dict[str, str | None]] = [
        {"role": "ORG", "email": email, "note": note, "totp": None} for email, note in APPLICANTS
    ]
    file: Path = settings.home / "run" / "demo_accounts.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    accounts = [{**account, "password": PASSWORD} for account in [*staff, *applicants]]
    file.write_text(json.dumps(accounts, indent=2), encoding="utf-8")
