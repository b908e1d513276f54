"""Accounts of the tests: made in one line, signed in as a browser would."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

from models.crypto.sealing import vault
from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import STATE_ROLES, Role, ScopeType
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.accounts import create_account
from models.store.identity.grants import grant_role
from models.tables.identity.accounts import Account

PASSWORD = "seven quiet herons wading"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOKEN = re.compile(r'name="(csrf_token|form_token)" value="([^"]*)"')


def make_account(
    engine: Engine,
    email: str = "ana@example.org",
    *,
    role: Role | None = None,
    team: str | None = None,
    organization: UUID | None = None,
    location: UUID | None = None,
    totp: bool | None = None,
    name: str = "Ana Ruiz",
    language: str = "en",
) -> UUID:
    """An active account with at most one role; state staff have their second factor unless `totp` is False."""
    staff = role in STATE_ROLES
    with transaction(engine) as session:
        account_id = create_account(
            Act(session, SYSTEM, uuid4().hex),
            email=email,
            name=name,
            language=language,
            password=PASSWORD,
            state_staff=staff,
        )
        if role is not None:
            scope_type, scope_id = _scope(team, organization, location)
            grant_role(
                Act(session, SYSTEM, uuid4().hex),
                account_id=account_id,
                role=role,
                scope_type=scope_type,
                scope_id=scope_id,
                org_id=organization,
                because="test",
            )
        if staff if totp is None else totp:
            sealed = vault().seal(SECRET.encode())
            session.execute(
                update(Account)
                .where(Account.id == account_id)
                .values(totp_sealed=sealed, totp_confirmed_at=datetime.now(UTC))
            )
    return account_id


def sign_in(
    client: FlaskClient, email: str = "ana@example.org", *, password: str = PASSWORD, next_page: str = ""
) -> TestResponse:
    """Sign in through the pages, over the second factor where one is asked for; the last answer."""
    answer = post(client, "/sign-in", email=email, password=password, next=next_page)
    if "/account/second-factor" in answer.headers.get("Location", ""):
        place = answer.headers["Location"]
        if "set-up" not in client.get(place).headers.get("Location", ""):
            return post(client, place, code=code_now(), next=next_page)
    return answer


def code_now(secret: str = SECRET, *, steps_away: int = 0) -> str:
    """The code that an authenticator app shows now, or so many steps from now."""
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps_away))


def post(client: FlaskClient, address: str, *, page: str | None = None, **values: object) -> TestResponse:
    """Fill in the form of a page as a browser would, tokens and all."""
    tokens = dict(TOKEN.findall(client.get(page or address).get_data(as_text=True)))
    return client.post(address, data={**tokens, **values})


def _scope(team: str | None, organization: UUID | None, location: UUID | None) -> tuple[ScopeType, str | None]:
    if location is not None:
        return ScopeType.LOCATION, str(location)
    if organization is not None:
        return ScopeType.ORGANIZATION, str(organization)
    return (ScopeType.TEAM, team) if team else (ScopeType.STATE, None)
