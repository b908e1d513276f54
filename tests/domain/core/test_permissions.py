"""The permission table, and how far each cell reaches: own, other location, other organization, other team."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from models.domain.capabilities import declared, reach
from models.domain.core.permissions import STATE_ROLES, Cell, Grant, Permission, Principal, Reach, Role, ScopeType

ORGANIZATION, LOCATION = uuid4(), uuid4()
SCOPES = {
    Role.ORG: (ScopeType.ORGANIZATION, str(ORGANIZATION)),
    Role.LOC: (ScopeType.LOCATION, str(LOCATION)),
    Role.COO: (ScopeType.LOCATION, str(LOCATION)),
    Role.HCP: (ScopeType.LOCATION, str(LOCATION)),
}
CELLS = [(permission, role) for permission in Permission for role in Role if role not in {Role.ANON, Role.SVC}]


def principal_with(*grants):
    return Principal(uuid4(), "Ana", "ana@example.org", "en", tuple(grants))


def grant_of(role):
    scope_type, scope_id = SCOPES.get(role, (ScopeType.TEAM, "enrollment"))
    return Grant(role, scope_type, scope_id)


def test_every_permission_has_a_row_and_every_row_a_role():
    assert set(declared().matrix) >= set(Permission)
    assert all(declared().matrix.values())


@pytest.mark.parametrize(("permission", "role"), CELLS)
def test_every_cell_reaches_as_far_as_it_says(permission, role):
    principal = principal_with(grant_of(role))
    found, cell = reach(principal, permission), declared().matrix[permission].get(role)
    assert found.allowed is (cell is not None)
    assert found.everything is (cell in {Cell.PUBLIC, Cell.TOKEN, Cell.ALL, Cell.ALL_SECOND, Cell.ALL_MASKED})
    at_organization = cell is Cell.ORGANIZATION and role is Role.ORG
    assert found.organizations == (frozenset({ORGANIZATION}) if at_organization else frozenset())
    at_location = cell in {Cell.LOCATION, Cell.LOCATION_MASKED}
    assert found.locations == (frozenset({LOCATION}) if at_location else frozenset())
    in_team = cell in {Cell.TEAM, Cell.TEAM_MASKED}
    assert found.teams == (frozenset({"enrollment"}) if in_team else frozenset())
    assert found.own == (principal.account_id if cell is Cell.SELF else None)


@pytest.mark.parametrize("permission", list(declared().matrix))
def test_visitors_reach_only_what_is_public_or_opened_by_a_token(permission):
    cell = declared().matrix[permission].get(Role.ANON)
    assert reach(None, permission) == Reach(allowed=cell is not None, everything=cell is not None)
    assert cell in {None, Cell.PUBLIC, Cell.TOKEN}


def test_two_organizations_are_both_reached_and_a_third_is_not():
    other, third = uuid4(), uuid4()
    principal = principal_with(
        Grant(Role.ORG, ScopeType.ORGANIZATION, str(ORGANIZATION)), Grant(Role.ORG, ScopeType.ORGANIZATION, str(other))
    )
    found = reach(principal, Permission.ENROLLMENT_EDIT_DRAFT)
    assert found.organizations == {ORGANIZATION, other}
    assert third not in found.organizations
    assert not found.everything


def test_a_grant_at_a_location_says_nothing_about_its_organization():
    found = reach(principal_with(grant_of(Role.COO)), Permission.ENROLLMENT_EDIT_DRAFT)
    assert found.locations == {LOCATION}
    assert found.organizations == frozenset()


def test_an_account_without_a_role_looks_after_itself_only():
    principal = principal_with()
    assert reach(principal, Permission.ACCOUNT_EDIT_OWN).own == principal.account_id
    assert not reach(principal, Permission.ENROLLMENT_READ).allowed
    assert reach(principal, Permission.TASK_LIST) == Reach(allowed=True, own=principal.account_id)


@pytest.mark.parametrize("role", list(Role))
def test_state_staff_are_those_with_a_state_role(role):
    assert principal_with(Grant(role, ScopeType.STATE)).state_staff is (role in STATE_ROLES)


def test_ids_of_scopes_are_ids():
    assert isinstance(
        next(iter(reach(principal_with(grant_of(Role.ORG)), Permission.ENROLLMENT_READ).organizations)), UUID
    )
