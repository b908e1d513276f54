"""`cvms reset-second-factor`: the way back for a person whose phone is lost."""

from __future__ import annotations

from uuid import uuid4

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.crypto.sealing import use_secret
from models.domain.core.actors import SYSTEM
from models.domain.core.violations import RuleViolation
from models.postgres.database import make_engine, transaction
from models.queries.identity.accounts import find_account_by_email
from models.store.core.act import Act
from models.store.identity.second_factors import remove_second_factor
from webapp.cli.env import command_settings, database_of
from webapp.cli.typed import TEXT


@click.command()
@click.argument("email", type=TEXT)
def reset_second_factor(email: str) -> None:
    """Turn the second step of an account off; make sure first who asks.

    The person is told by mail. State staff set up another one when they sign in next.
    """
    settings = command_settings()
    use_secret(settings.secret_key)
    try:
        with transaction(make_engine(database_of(settings), pool_size=1)) as session:
            _reset(session, email)
    except RuleViolation as violation:
        raise click.ClickException(violation.message) from None
    except OperationalError:
        raise click.ClickException("The database cannot be reached. Is the stack running?") from None
    click.echo(f"The second step of {email} is off, and every session has ended.")


def _reset(session: Session, email: str) -> None:
    account = find_account_by_email(session, email)
    if account is None or not account.has_second_factor:
        raise RuleViolation("second_factor_missing", "There is no account with a second step for this address.")
    cause_key = f"reset-second-factor/{uuid4().hex}"
    remove_second_factor(Act(session, SYSTEM, cause_key), account_id=account.account_id)
