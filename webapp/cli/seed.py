"""`cvms seed`: demo data with cases in every state, the same each time."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from deploy.local.secrets import write_private
from models.crypto.sealing import use_secret
from models.postgres.database import make_engine, transaction
from models.running.settings import Settings
from models.store.core.clock import db_now
from models.store.operations.demo import begin_now, empty_database, is_empty, may_be_replaced, set_clock
from webapp.cli.demo.people import PASSWORD, STAFF, hire, totp_secret
from webapp.cli.demo.scenes import SCENES
from webapp.cli.env import command_settings

THERE_IS_DATA = "There is data already: no demo data is added."
NOT_DEMO_DATA = (
    "This is not demo data, or it was restored from a backup: it is not replaced. "
    "For a demo, start a stack with a CVMS_HOME of its own."
)
APPLICANTS = (
    ("ana@blueridge.example.org", "administrator, in review"),
    ("lucia@saludcatawba.example.org", "administrator, draft, in Spanish"),
)


@click.command()
@click.option("--fresh", is_flag=True, help="Replace the demo data that is there.")
@click.option("--if-empty", is_flag=True, help="Where there is data, leave it alone and end well.")
def seed(fresh: bool, if_empty: bool) -> None:
    """Fill an empty database with demo data; refused in production and where there is other data."""
    settings = command_settings()
    if settings.production:
        raise click.ClickException("Production takes no demo data.")
    if not settings.owner_database_url:
        raise click.ClickException("No stack runs, so there is no database to fill. Start one with make run.")
    use_secret(settings.secret_key)
    with transaction(make_engine(settings.owner_database_url, pool_size=1)) as session:
        filled = _fill(session, fresh=fresh, if_empty=if_empty)
    if filled:
        _write_accounts(settings)
        click.echo(f"Demo data is in: {len(SCENES)} scenes.")
    else:
        click.echo(THERE_IS_DATA)


def _fill(session: Session, *, fresh: bool, if_empty: bool) -> bool:
    """True when demo data was put in; whoever has data of another origin keeps it."""
    if not is_empty(session):
        if if_empty:
            return False
        if not fresh:
            raise click.ClickException(THERE_IS_DATA)
        if not may_be_replaced(session):
            raise click.ClickException(NOT_DEMO_DATA)
        empty_database(session)
    _tell_everything(session)
    return True


def _tell_everything(session: Session) -> None:
    """Every scene in one transaction, in which time moves; nobody sees half of it."""
    today = db_now(session)
    staff = {member.email.partition(".")[0]: hire(session, member) for member in STAFF}
    for scene in SCENES:
        scene(session, today, staff)
        set_clock(session, None)
    begin_now(session)


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
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    accounts = [{**account, "password": PASSWORD} for account in [*staff, *applicants]]
    write_private(file, json.dumps(accounts, indent=2))
