"""Which roles may be given to whom."""

from __future__ import annotations

import pytest

from models.domain.core.permissions import Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.domain.identity.grants import assess_grant


@pytest.mark.parametrize(
    ("role", "scope_type", "held"),
    [
        (Role.REV, ScopeType.TEAM, []),
        (Role.REV, ScopeType.TEAM, [Role.SUP]),
        (Role.ADM, ScopeType.STATE, []),
        (Role.ADM, ScopeType.STATE, [Role.ADM]),
        (Role.ORG, ScopeType.ORGANIZATION, [Role.COO]),
        (Role.LOC, ScopeType.LOCATION, []),
    ],
)
def test_a_role_is_given_where_it_belongs(role, scope_type, held):
    assess_grant(role, scope_type, held=held, to_self=False)


@pytest.mark.parametrize(
    ("role", "scope_type", "held", "to_self", "code"),
    [
        (Role.REV, ScopeType.TEAM, [], True, "own_grant"),
        (Role.ADM, ScopeType.STATE, [Role.REV], False, "administrator_alone"),
        (Role.ORG, ScopeType.ORGANIZATION, [Role.ADM], False, "administrator_alone"),
        (Role.REV, ScopeType.ORGANIZATION, [], False, "role_scope"),
        (Role.ORG, ScopeType.STATE, [], False, "role_scope"),
        (Role.LOC, ScopeType.ORGANIZATION, [], False, "role_scope"),
    ],
)
def test_a_grant_that_a_rule_forbids_is_refused(role, scope_type, held, to_self, code):
    with pytest.raises(RuleViolation) as refused:
        assess_grant(role, scope_type, held=held, to_self=to_self)
    assert refused.value.code == code
