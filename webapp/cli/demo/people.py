"""The people of the demo: state staff with their second factor, administrators and coordinators."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy.orm import Session

from models.crypto.hashing import hash_password
from models.crypto.sealing import vault
from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.domain.enrollment.kinds import Team
from models.store.core.act import Act
from models.store.identity.accounts import create_account
from models.store.identity.grants import grant_role
from models.store.identity.second_factors import confirm_second_factor
from models.store.operations.demo import share_password

PASSWORD = "longleaf-pine-and-dogwood"  # the demo's, shown on the start screen


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of state staff."""

    email: str
    name: str
    role: Role
    note: str
    scope_type: ScopeType = ScopeType.TEAM


STAFF = (
    Staff("rosa.reviewer@state.example.org", "Rosa Medlin", Role.REV, "reviews enrollments"),
    Staff("ray.reviewer@state.example.org", "Ray Oxendine", Role.REV, "reviews, and approves what Rosa reviewed"),
    Staff("sam.supervisor@state.example.org", "Sam Whitfield", Role.SUP, "looks after overdue reviews"),
    Staff(
        "ada.admin@state.example.org",
        "Ada Pruitt",
        Role.ADM,
        "administers accounts, sees no enrollment",
        ScopeType.STATE,
    ),
)


def totp_secret(email: str) -> str:
    """The second factor of a demo account, in base 32: always the same, and worth nothing."""
    return base64.b32encode(hashlib.sha256(f"cvms demo {email}".encode()).digest()[:20]).decode()


def hire(session: Session, staff: Staff) -> UUID:
    """Make the account of a member of staff, with role and second factor."""
    cause_key = f"demo/{staff.email}"
    account_id = make_person(session, staff.email, staff.name, "en", state_staff=True)
    grant_role(
        Act(session, SYSTEM, cause_key),
        account_id=account_id,
        role=staff.role,
        scope_type=staff.scope_type,
        scope_id=Team.ENROLLMENT if staff.scope_type is ScopeType.TEAM else None,
        org_id=None,
        because="demo",
    )
    confirm_second_factor(
        Act(session, SYSTEM, cause_key),
        account_id=account_id,
        sealed=vault().seal(totp_secret(staff.email).encode()),
        step=0,
        may_replace=False,
    )
    return account_id


def make_person(session: Session, email: str, name: str, language: str, *, state_staff: bool = False) -> UUID:
    """Make an account with the demo's password."""
    account_id = create_account(
        Act(session, SYSTEM, f"demo/{email}"),
        email=email,
        name=name,
        language=language,
        password=None,
        state_staff=state_staff,
    )
    share_password(session, account_id=account_id, password_hash=_shared_hash(state_staff))
    return account_id


@cache
def _shared_hash(state_staff: bool) -> str:
    return hash_password(PASSWORD, state_staff=state_staff)
