"""Reads of accounts: who has which address, what a sign-in compares, which roles are live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from models.crypto.sealing import hash_token
from models.domain.core.actors import NOBODY
from models.domain.core.permissions import STATE_ROLES, Grant
from models.domain.core.violations import RuleViolation
from models.domain.records.email_addresses import loose_email, normalize_email
from models.queries.identity.sessions import LIVE_GRANTS, as_grants
from models.tables.identity.accounts import Account, AccountStatus, KnownDevice


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account with its live grants. `password_hash` and `totp_sealed` are for signing in only."""

    account_id: UUID
    email: str
    name: str
    language: str
    status: AccountStatus
    grants: tuple[Grant, ...]
    password_hash: str | None
    totp_sealed: bytes | None
    has_second_factor: bool
    totp_last_step: int | None

    @property
    def state_staff(self) -> bool:
        return any(grant.role in STATE_ROLES for grant in self.grants)

    @property
    def may_sign_in(self) -> bool:
        return self.status is AccountStatus.ACTIVE and self.password_hash is not None

    @property
    def second_factor_expected(self) -> bool:
        """The password does not stand alone: staff must have a second factor, others may (P25)."""
        return self.state_staff or self.has_second_factor


def find_account(session: Session, account_id: UUID) -> AccountFacts | None:
    """The account with an id."""
    return _one(session, Account.id == account_id)


def find_account_by_email(session: Session, email: str) -> AccountFacts | None:
    """The account with an address, however the address is spelled."""
    try:
        spelled = normalize_email(email)
    except RuleViolation:
        spelled = loose_email(email)
    return _one(session, Account.email_norm == spelled)


def is_known_device(session: Session, *, account_id: UUID | None, device_token: str | None) -> bool:
    """Whether the account was signed in to with this browser before; without an account the same is asked."""
    token_hash = hash_token(device_token or "")
    statement = select(KnownDevice.device_hash).where(
        KnownDevice.device_hash == token_hash, KnownDevice.account_id == (account_id or NOBODY)
    )
    return session.execute(statement).first() is not None


def _one(session: Session, condition: ColumnElement[bool]) -> AccountFacts | None:
    found = session.execute(select(Account, LIVE_GRANTS.label("grants")).where(condition)).one_or_none()
    return None if found is None else _facts(found)


def _facts(found: Row[Any]) -> AccountFacts:
    account = found.Account
    return AccountFacts(
        account_id=account.id,
        email=account.email,
        name=account.name,
        language=account.language,
        status=AccountStatus(account.status),
        grants=as_grants(found.grants),
        password_hash=account.password_hash,
        totp_sealed=account.totp_sealed,
        has_second_factor=account.totp_confirmed_at is not None,
        totp_last_step=account.totp_last_step,
    )
