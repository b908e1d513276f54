"""Who asks: one account for every role, and the states of a session in which nothing may open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from models.crypto.sealing import hash_token
from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import STATE_ROLES, Role
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.sessions import start_session
from models.tables.identity.accounts import Account, AccountStatus, SessionRow
from tests.database import Database
from tests.webapp.accounts import make_account

NOBODY_IN_PARTICULAR = "an account without grant"
ROLES = (*(role.value for role in Role if role is not Role.SVC), NOBODY_IN_PARTICULAR)
TEAMS = {Role.REV: "enrollment", Role.SUP: "enrollment", Role.AGT: "help desk"}
AT_ORGANIZATION = (Role.ORG, Role.EMP, Role.EMPX, Role.HDR, Role.HDG)
AT_LOCATION = (Role.LOC, Role.COO, Role.HCP)


class Proof(StrEnum):
    """How good the session of a request is."""

    NONE = "not signed in"
    WHOLE = "signed in"
    STALE = "signed in long ago"
    HALF = "second factor missing"
    ENDED = "ended session"
    IDLE = "session past its idle time"
    DISABLED = "disabled account"


@dataclass(frozen=True)
class Who:
    """A person, what he or she holds, and the id in the cookie."""

    name: str
    role: Role | None = None
    org: UUID | None = None
    location: UUID | None = None
    team: str | None = None
    account: UUID | None = None
    proof: Proof = Proof.NONE
    sid: str = field(default="", repr=False)
    csrf: str = field(default="", repr=False)


def make_person(database: Database, name: str, *, org: UUID, location: UUID, nick: str = "") -> Who:
    """An account with the role of that name on the own organization, location or team."""
    if name == Role.ANON:
        return Who(name, Role.ANON, csrf=uuid4().hex)
    role = None if name == NOBODY_IN_PARTICULAR else Role(name)
    at_org = org if role in (*AT_ORGANIZATION, *AT_LOCATION) else None
    at_location = location if role in AT_LOCATION else None
    team = TEAMS.get(role) if role else None
    account = make_account(
        database.app_engine,
        f"{nick}{name.rsplit(maxsplit=1)[-1].lower()}@matrix.example",
        role=role,
        team=team,
        organization=at_org,
        location=at_location,
        name=name,
    )
    return with_session(database, Who(name, role, at_org, at_location, team, account))


def with_session(database: Database, who: Who, proof: Proof = Proof.WHOLE) -> Who:
    """The same person with a new session, as good as `proof` says; the product's own store begins it."""
    staff = who.role in STATE_ROLES
    with transaction(database.app_engine) as session:
        sid = start_session(
            Act(session, SYSTEM, uuid4().hex),
            account_id=who.account,
            device="matrix",
            second_factor_passed=staff and proof is not Proof.HALF,
        )
        row = session.scalars(select(SessionRow).where(SessionRow.sid_hash == hash_token(sid))).one()
        csrf = str(row.data["csrf_token"])
    spoil(database, who, sid, proof)
    return Who(who.name, who.role, who.org, who.location, who.team, who.account, proof, sid, csrf)


def spoil(database: Database, who: Who, sid: str, proof: Proof) -> None:
    """Make a session what `proof` says."""
    changes = {
        Proof.STALE: {"proved_at": func.db_now() - timedelta(hours=1)},
        Proof.ENDED: {"ended_at": func.db_now()},
        Proof.IDLE: {"last_seen_at": func.db_now() - timedelta(hours=2)},
    }
    with transaction(database.owner_engine) as session:
        if proof in changes:
            session.execute(update(SessionRow).where(SessionRow.sid_hash == hash_token(sid)).values(**changes[proof]))
        if proof is Proof.DISABLED:
            session.execute(update(Account).where(Account.id == who.account).values(status=AccountStatus.DISABLED))
