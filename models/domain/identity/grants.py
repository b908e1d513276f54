"""Which roles may be given to whom, and on what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from models.domain.core.permissions import STATE_ROLES, Role, ScopeType
from models.domain.core.violations import RuleViolation

SCOPES = {
    Role.ORG: frozenset({ScopeType.ORGANIZATION}),
    Role.COO: frozenset({ScopeType.LOCATION}),
    Role.LOC: frozenset({ScopeType.LOCATION}),
    Role.HCP: frozenset({ScopeType.LOCATION}),
}
STATE_WIDE = (Role.ALC, Role.RPT, Role.AUD, Role.ADM)
"""Roles of state staff that are given for the whole state; the others are given in a team."""
STAFF_SCOPES = frozenset({ScopeType.TEAM, ScopeType.STATE})


@dataclass(frozen=True, slots=True)
class Seat:
    """A role of state staff in a team, or for the whole state when `team` is None."""

    role: Role
    team: str | None = None

    @property
    def scope_type(self) -> ScopeType:
        """What its grant is given on."""
        return ScopeType.TEAM if self.team else ScopeType.STATE


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


def assess_closing(*, own: bool, administrator: bool, other_administrators: int) -> None:
    """Refuse to close an account, or to end a role of it, where nobody could put it right.

    | rule                                                              | code                |
    |-------------------------------------------------------------------|---------------------|
    | nobody closes the own account, nor ends a role of the own         | own_account         |
    | the last administrator of the system stays                        | last_administrator  |
    """
    if own:
        raise RuleViolation("own_account", "You cannot do this to your own account.")
    if administrator and not other_administrators:
        raise RuleViolation("last_administrator", "This is the only administrator.")
