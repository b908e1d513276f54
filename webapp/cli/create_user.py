"""`cvms create-user`: make an account with its role, and mail the invitation."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from uuid import UUID, uuid4

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.crypto.sealing import use_secret
from models.domain.capabilities import declared
from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import STATE_ROLES, Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.postgres.database import make_engine, transaction
from models.queries.identity.accounts import find_account_by_email
from models.store.core.act import Act
from models.store.identity.accounts import create_account, invite_account
from models.store.identity.grants import grant_role
from webapp.cli.env import command_settings, database_of
from webapp.cli.typed import TEXT

GIVEN_ROLES = [role for role in Role if role not in {Role.ANON, Role.SVC}]


@dataclass(frozen=True, slots=True)
class NewUser:
    """What was asked for on the command line."""

    email: str
    name: str
    language: str
    role: Role | None
    scope_type: ScopeType
    scope_id: str | None
    password: str | None


@click.command()
@click.argument("email", type=TEXT)
@click.option("--name", type=TEXT, required=True, help="The person's name.")
@click.option("--role", type=click.Choice([role.value for role in GIVEN_ROLES]), help="The role to give.")
@click.option("--team", type=click.Choice(sorted(map(str, declared().teams))), help="The team of state staff.")
@click.option("--organization", type=click.UUID, help="The id of the organization that the role is given on.")
@click.option("--location", type=click.UUID, help="The id of the location that the role is given on.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; no mail is sent.")
def create_user(
    email: str,
    name: str,
    role: str | None,
    team: str | None,
    organization: UUID | None,
    location: UUID | None,
    language: str,
    password_stdin: bool,
) -> None:
    """Make an account with its role, and mail the link to set its password."""
    scope_type, scope_id = _scope(team, organization, location)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    user = NewUser(email, name, language, Role(role) if role else None, scope_type, scope_id, password)
    settings = command_settings()
    use_secret(settings.secret_key)
    try:
        with transaction(make_engine(database_of(settings), pool_size=1)) as session:
            _create(session, user, org_id=organization)
    except RuleViolation as violation:
        raise click.ClickException(violation.message) from None
    except OperationalError:
        raise click.ClickException("The database cannot be reached. Is the stack running?") from None
    told = "" if password_stdin else " An invitation is on its way."
    click.echo(f"{user.email} has an account now.{told}")


def _scope(team: str | None, organization: UUID | None, location: UUID | None) -> tuple[ScopeType, str | None]:
    given = [
        (ScopeType.LOCATION, location),
        (ScopeType.ORGANIZATION, organization),
        (ScopeType.TEAM, team),
    ]
    return next(((scope, str(value)) for scope, value in given if value is not None), (ScopeType.STATE, None))


def _create(session: Session, user: NewUser, *, org_id: UUID | None) -> None:
    cause_key = f"create-user/{uuid4().hex}"
    if find_account_by_email(session, user.email) is not None:
        raise RuleViolation("email_taken", "There's already an account with this email address.")
    account_id = create_account(
        Act(session, SYSTEM, cause_key),
        email=user.email,
        name=user.name,
        language=user.language,
        password=user.password,
        state_staff=user.role in STATE_ROLES,
    )
    if user.role is not None:
        grant_role(
            Act(session, SYSTEM, cause_key),
            account_id=account_id,
            role=user.role,
            scope_type=user.scope_type,
            scope_id=user.scope_id,
            org_id=org_id,
            because="cvms create-user",
        )
    if user.password is None:
        invite_account(Act(session, SYSTEM, cause_key), account_id=account_id)
