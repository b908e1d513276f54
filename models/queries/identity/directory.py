"""Accounts as administrators see them: a list by key, and one account with what hangs on it and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from models.domain.core.actors import ActorKind
from models.domain.core.permissions import Grant, Role
from models.domain.identity.declares import LinkPurpose
from models.queries.core.lists.keyset import Key
from models.queries.identity.sessions import LIVE_GRANTS, as_grants
from models.tables.core.audit import AuditRow
from models.tables.core.links import Link
from models.tables.core.tasks import LIVE_TASK, Task
from models.tables.identity.accounts import Account, AccountStatus, GrantRow, Passkey, SessionRow

__all__ = [
    "AccountEvent", "AccountPage", "AccountRow", "AccountStatus", "Claimed", "Search",
    "account_history", "claims_of", "find_in_directory", "list_accounts",
]  # fmt: skip
PAGE = 25
SHOWN = 100
TOLD = ("account.%", "grant.%")
"""The audited actions that tell what became of an account; signing in is told by its last time."""
_LASTS = and_(LIVE_TASK, or_(Task.claim_ends_at.is_(None), Task.claim_ends_at > func.db_now()))
_IN_HAND = select(func.count()).where(_LASTS, Task.assignee_id == Account.id)
_LAST_SIGN_IN = select(func.max(SessionRow.created_at)).where(SessionRow.account_id == Account.id)
_INVITED_UNTIL = select(func.max(Link.expires_at)).where(
    Link.purpose == LinkPurpose.ACCEPT_ACCOUNT,
    Link.subject_id == Account.id,
    Link.used_at.is_(None),
    Link.revoked_at.is_(None),
)
_HAS_PASSKEY = exists().where(Passkey.account_id == Account.id, Passkey.removed_at.is_(None))
_LISTED = select(
    Account,
    LIVE_GRANTS.label("grants"),
    _IN_HAND.scalar_subquery().label("in_hand"),
    _LAST_SIGN_IN.scalar_subquery().label("last_sign_in"),
    _INVITED_UNTIL.scalar_subquery().label("invited_until"),
    or_(Account.totp_confirmed_at.is_not(None), _HAS_PASSKEY).label("second_factor"),
)


@dataclass(frozen=True, slots=True)
class Search:
    """What a list of accounts is narrowed to; `text` is part of a name or of an address."""

    text: str = ""
    role: Role | None = None
    status: AccountStatus | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account. `in_hand` counts the tasks claimed, `invited_until` is when the live invitation ends."""

    account_id: UUID
    name: str
    email: str
    language: str
    status: AccountStatus
    grants: tuple[Grant, ...]
    in_hand: int
    last_sign_in: datetime | None
    invited_until: datetime | None
    second_factor: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A page of a list; `next` is the key of the page after it, None on the last."""

    rows: tuple[AccountRow, ...]
    next: Key | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task that somebody has in hand."""

    kind: str
    reference: str
    claimed_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """Something that was done to an account, and by whom; `name` is that of a person."""

    at: datetime
    action: str
    actor: ActorKind
    name: str | None
    detail: dict[str, Any]


def list_accounts(session: Session, search: Search, *, after: Key | None = None, limit: int = PAGE) -> AccountPage:
    """One page of the accounts that a search finds, the newest first."""
    statement = _LISTED.where(*_narrowed(search))
    if after is not None and after.at is not None:
        statement = statement.where(tuple_(Account.created_at, Account.id) < tuple_(after.at, after.id))
    ordered: Select[Any] = statement.order_by(Account.created_at.desc(), Account.id.desc()).limit(limit + 1)
    rows = [_row(found) for found in session.execute(ordered)]
    last = rows[limit - 1] if len(rows) > limit else None
    return AccountPage(tuple(rows[:limit]), Key(last.created_at, last.account_id) if last else None)


def find_in_directory(session: Session, account_id: UUID) -> AccountRow | None:
    """One account; None where there is none."""
    found = session.execute(_LISTED.where(Account.id == account_id)).one_or_none()
    return None if found is None else _row(found)


def claims_of(session: Session, account_id: UUID) -> list[Claimed]:
    """The tasks that a person has in hand, the most urgent first."""
    statement = (
        select(Task.kind, Task.title_values, Task.claimed_at, Task.due_at)
        .where(_LASTS, Task.assignee_id == account_id)
        .order_by(Task.due_at, Task.id)
        .limit(SHOWN)
    )
    return [
        Claimed(kind, str(titles.get("reference", "")), at, due) for kind, titles, at, due in session.execute(statement)
    ]


def account_history(session: Session, account_id: UUID) -> list[AccountEvent]:
    """What was done to an account, the newest first."""
    statement = (
        select(AuditRow, Account.name)
        .outerjoin(Account, and_(Account.id == AuditRow.actor_id, AuditRow.actor_kind == ActorKind.PERSON))
        .where(AuditRow.object_type == "account", AuditRow.object_id == account_id)
        .where(or_(*(AuditRow.action.like(told) for told in TOLD)), AuditRow.outcome == "done")
        .order_by(AuditRow.id.desc())
        .limit(SHOWN)
    )
    return [
        AccountEvent(row.at, row.action, ActorKind(row.actor_kind), name, dict(row.detail))
        for row, name in session.execute(statement)
    ]


def _narrowed(search: Search) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if search.text:
        found = (column.icontains(search.text, autoescape=True) for column in (Account.name, Account.email))
        wanted.append(or_(*found))
    if search.status is not None:
        wanted.append(Account.status == search.status)
    if search.role is not None:
        live = and_(GrantRow.account_id == Account.id, GrantRow.ended_at.is_(None), GrantRow.role == search.role)
        wanted.append(exists().where(live))
    return wanted


def _row(found: Row[Any]) -> AccountRow:
    account: Account = found.Account
    return AccountRow(
        account_id=account.id,
        name=account.name,
        email=account.email,
        language=account.language,
        status=AccountStatus(account.status),
        grants=as_grants(found.grants),
        in_hand=found.in_hand,
        last_sign_in=found.last_sign_in,
        invited_until=found.invited_until,
        second_factor=bool(found.second_factor),
        created_at=account.created_at,
    )
