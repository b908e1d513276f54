"""The roles that a person holds where something happens."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role, ScopeType
from models.tables.identity.accounts import GrantRow

_HELD = select(GrantRow.role).where(
    GrantRow.account_id == bindparam("account_id"),
    GrantRow.ended_at.is_(None),
    or_(
        GrantRow.scope_type == ScopeType.STATE,
        and_(GrantRow.scope_type == ScopeType.TEAM, GrantRow.scope_id == bindparam("team")),
        and_(GrantRow.scope_type == ScopeType.ORGANIZATION, GrantRow.scope_id == bindparam("org_id")),
        and_(GrantRow.scope_type == ScopeType.LOCATION, GrantRow.scope_id == bindparam("location_id")),
    ),
)
"""Built once: every act on something with a lifecycle asks it."""


def roles_on(
    session: Session, account_id: UUID, *, org_id: UUID | None, location_id: UUID | None, team: str | None
) -> frozenset[Role]:
    """The roles that count at an organization, at one of its locations and in a team; None counts nothing there."""
    places = {"org_id": org_id and str(org_id), "location_id": location_id and str(location_id), "team": team}
    return frozenset(Role(role) for role in session.scalars(_HELD, {"account_id": account_id, **places}))
