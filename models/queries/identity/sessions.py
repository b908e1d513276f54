"""Reads of signed-in sessions: one statement brings session, account and live grants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token
from models.domain.core.permissions import STATE_ROLES, Grant, Principal, Role, ScopeType
from models.domain.identity.sessions import SEEN_EVERY, idle_limit, is_fresh, must_pass_second_factor, session_end
from models.queries.core.involvement import involvement
from models.queries.core.statements import ask
from models.tables.identity.accounts import Account, AccountStatus, GrantRow, SessionRow


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session as one request sees it. `pending_totp` is a sealed secret that is not confirmed yet.

    `involved_orgs` are the organizations on which the person may not decide (S39.1).
    """

    sid_hash: str
    principal: Principal
    has_second_factor: bool
    pending_totp: bytes | None
    proved_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    now: datetime
    involved_orgs: frozenset[UUID] = frozenset()
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def idle_end(self) -> datetime:
        """When it ends if nobody uses it from now on."""
        staff = self.principal.state_staff
        return session_end(last_seen_at=self.last_seen_at, ends_at=self.ends_at, state_staff=staff)

    @property
    def expired(self) -> bool:
        return self.now >= self.idle_end

    @property
    def half(self) -> bool:
        """The password was right, the second factor is still missing: nothing may open."""
        return must_pass_second_factor(
            state_staff=self.principal.state_staff,
            has_second_factor=self.has_second_factor,
            passed=self.principal.second_factor_passed,
        )

    @property
    def fresh(self) -> bool:
        """Whether the last proof of who it is lets dangerous acts go on."""
        return is_fresh(proved_at=self.proved_at, now=self.now)

    @property
    def worth_touching(self) -> bool:
        """Its last sign of life is old enough to be written again."""
        return self.now - self.last_seen_at >= SEEN_EVERY


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as its owner sees it in the list of devices. Its hash is never shown, its handle is."""

    sid_hash: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    current: bool

    @property
    def handle(self) -> str:
        """What a page calls it: says nothing about the id, and opens nothing."""
        return hash_token(f"handle of {self.sid_hash}")


@dataclass(frozen=True, slots=True)
class EarlierSession:
    """A session of a person, also one that is over, from which a form may still be open."""

    sid_hash: str
    second_factor_passed: bool


class EndedBy(StrEnum):
    """Why a session is over, as far as its times tell: not used for long enough, its longest time, or an act."""

    STAFF_IDLE = "staff_idle"
    IDLE = "idle"
    LIFETIME = "lifetime"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class EndedSession:
    """A session that is over; `recent` when a form of it may still go on after signing in again."""

    account_id: UUID
    second_factor_passed: bool
    because: EndedBy
    recent: bool


FORMS_LAST = timedelta(days=7)
"""A form of a session that is over is taken for so long, once its person has signed in again."""

LIVE_GRANTS = (
    select(func.jsonb_agg(func.jsonb_build_array(GrantRow.role, GrantRow.scope_type, GrantRow.scope_id)))
    .where(GrantRow.account_id == Account.id, GrantRow.ended_at.is_(None))
    .scalar_subquery()
)


SESSIONS = (
    select(
        SessionRow.sid_hash,
        SessionRow.second_factor_at,
        SessionRow.pending_totp,
        SessionRow.proved_at,
        SessionRow.last_seen_at,
        SessionRow.ends_at,
        SessionRow.data,
        Account.id,
        Account.name,
        Account.email,
        Account.language,
        Account.totp_confirmed_at,
        LIVE_GRANTS.label("grants"),
        func.db_now().label("now"),
        involvement(Account.id).label("involved_orgs"),
    )
    .join(Account, Account.id == SessionRow.account_id)
    .where(SessionRow.sid_hash == bindparam("sid_hash"))
)
BY_HASH = SESSIONS.where(SessionRow.ended_at.is_(None), Account.status == AccountStatus.ACTIVE)
"""Put together once: every request of somebody who is signed in begins with it."""


def find_session(session: Session, sid_hash: str) -> SignedIn | None:
    """The session with its account and grants; None when there is none, it has ended, or the account is not active."""
    found = ask(session, BY_HASH, {"sid_hash": sid_hash}).one_or_none()
    return None if found is None else _signed_in(found)


def own_sessions(session: Session, account_id: UUID, *, sid_hash: str) -> list[OwnSession]:
    """The open sessions of an account: this one first, then the one used last."""
    rows = session.scalars(
        select(SessionRow)
        .where(SessionRow.account_id == account_id, SessionRow.ended_at.is_(None))
        .where(SessionRow.ends_at > func.db_now())
        .order_by((SessionRow.sid_hash == sid_hash).desc(), SessionRow.last_seen_at.desc())
    )
    return [
        OwnSession(row.sid_hash, row.device or "", row.created_at, row.last_seen_at, row.sid_hash == sid_hash)
        for row in rows
    ]


def earlier_sessions(session: Session, account_id: UUID) -> list[EarlierSession]:
    """The sessions of an account, open or over for a week at most, from which a form may be open."""
    rows = session.execute(
        select(SessionRow.sid_hash, SessionRow.second_factor_at).where(
            SessionRow.account_id == account_id,
            or_(SessionRow.ended_at.is_(None), SessionRow.ended_at > func.db_now() - FORMS_LAST),
        )
    )
    return [EarlierSession(row.sid_hash, row.second_factor_at is not None) for row in rows]


def find_ended_session(session: Session, sid_hash: str) -> EndedSession | None:
    """A session that is over, and why; None for an id that is none, or still open."""
    row = session.execute(
        select(
            SessionRow.account_id,
            SessionRow.second_factor_at,
            SessionRow.last_seen_at,
            SessionRow.ends_at,
            SessionRow.ended_at,
            LIVE_GRANTS.label("grants"),
            (SessionRow.ended_at > func.db_now() - FORMS_LAST).label("recent"),
        )
        .join(Account, Account.id == SessionRow.account_id)
        .where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_not(None))
    ).one_or_none()
    if row is None:
        return None
    staff = any(grant.role in STATE_ROLES for grant in as_grants(row.grants))
    because = EndedBy.ACT
    if row.ended_at >= row.ends_at:
        because = EndedBy.LIFETIME
    elif row.ended_at - row.last_seen_at >= idle_limit(state_staff=staff):
        because = EndedBy.STAFF_IDLE if staff else EndedBy.IDLE
    return EndedSession(row.account_id, row.second_factor_at is not None, because, bool(row.recent))


def as_grants(triples: list[list[str | None]] | None) -> tuple[Grant, ...]:
    """Grants from (role, scope type, scope id)."""
    return tuple(
        Grant(Role(str(role)), ScopeType(str(scope_type)), scope_id) for role, scope_type, scope_id in triples or ()
    )


def _signed_in(found: Row[Any]) -> SignedIn:
    principal = Principal(
        account_id=found.id,
        name=found.name,
        email=found.email,
        language=found.language,
        grants=as_grants(found.grants),
        second_factor_passed=found.second_factor_at is not None,
    )
    return SignedIn(
        sid_hash=found.sid_hash,
        principal=principal,
        has_second_factor=found.totp_confirmed_at is not None,
        pending_totp=found.pending_totp,
        proved_at=found.proved_at,
        last_seen_at=found.last_seen_at,
        ends_at=found.ends_at,
        now=found.now,
        involved_orgs=frozenset(found.involved_orgs or ()),
        data=found.data,
    )
