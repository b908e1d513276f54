"""Which roles may be given to whom, and on what."""

from __future__ import annotations

from collections.abc import Collection

from models.domain.core.permissions import STATE_ROLES, Role, ScopeType
from models.domain.core.violations import RuleViolation

SCOPES = {
    Role.ORG: frozenset({ScopeType.ORGANIZATION}),
    Role.COO: frozenset({ScopeType.LOCATION}),
    Role.LOC: frozenset({ScopeType.LOCATION}),
    Role.HCP: frozenset({ScopeType.LOCATION}),
}
STAFF_SCOPES = frozenset({ScopeType.TEAM, ScopeType.STATE})


def assess_grant(role: Role, scope_type: ScopeType, *, held: Collection[Role], to_self: bool) -> None:
    """Refuse a grant that a rule forbids.

    | rule                                                              | code                |
    |-------------------------------------------------------------------|---------------------|
    | nobody gives himself a role                                       | own_grant           |
    | an administrator of the system has no other role, nor gets one    | administrator_alone |
    | staff act in a team or for the state, others at their own places  | role_scope          |
    """
    if to_self:
        raise RuleViolation("own_grant", "You cannot give yourself a role.")
    others = {Role(found) for found in held} - {role}
    if (role is Role.ADM and others) or (role is not Role.ADM and Role.ADM in others):
        raise RuleViolation("administrator_alone", "An administrator of the system has no other role.")
    if scope_type not in (STAFF_SCOPES if role in STATE_ROLES else SCOPES.get(role, frozenset(ScopeType))):
        raise RuleViolation("role_scope", "This role cannot be given there.")
