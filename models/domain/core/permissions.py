"""Who may do what: roles, the cells of the permission table, and how far each grant reaches.

Each capability declares its own rows of the table; docs/security.md says where it differs from the
programme's proposal, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of the product; `ANON` is whoever is not signed in."""

    ANON = "ANON"
    RCP = "RCP"
    EMP = "EMP"
    EMPX = "EMPX"
    HCP = "HCP"
    LOC = "LOC"
    COO = "COO"
    ORG = "ORG"
    HDR = "HDR"
    HDG = "HDG"
    AGT = "AGT"
    SUP = "SUP"
    REV = "REV"
    ALC = "ALC"
    RPT = "RPT"
    ADM = "ADM"
    AUD = "AUD"
    SVC = "SVC"


STATE_ROLES = frozenset({Role.AGT, Role.SUP, Role.REV, Role.ALC, Role.RPT, Role.ADM, Role.AUD})
"""Roles of state staff: a second factor is forced (P25), sessions are short (P32)."""


class ScopeType(StrEnum):
    """What a grant is given on."""

    STATE = "state"
    TEAM = "team"
    ORGANIZATION = "organization"
    LOCATION = "location"


class Permission(StrEnum):
    """Every act that a route can ask for, as resource.action."""

    PUBLIC_PAGE_VIEW = "public.page.view"
    SESSION_LOGIN = "session.login"
    SESSION_LOGOUT = "session.logout"
    PASSWORD_RESET_REQUEST = "password_reset.request"
    PASSWORD_RESET_COMPLETE = "password_reset.complete"
    INVITATION_ACCEPT = "invitation.accept"
    ENROLLMENT_BEGIN = "enrollment.begin"
    ENROLLMENT_CONFIRM = "enrollment.confirm"
    ENROLLMENT_EDIT_DRAFT = "enrollment.edit_draft"
    ENROLLMENT_MANAGE_LOCATIONS = "enrollment.manage_locations"
    ENROLLMENT_SIGN_SECTION = "enrollment.sign_section"
    ENROLLMENT_SUBMIT = "enrollment.submit"
    ENROLLMENT_WITHDRAW = "enrollment.withdraw"
    ENROLLMENT_READ = "enrollment.read"
    ENROLLMENT_READ_OWN_PROGRESS = "enrollment.read_own_progress"
    ENROLLMENT_ACTIVATE = "enrollment.activate"
    REVIEW_TASK_DECIDE = "review_task.decide"
    TASK_LIST = "task.list_and_count"
    TASK_CLAIM = "task.claim_or_release"
    TASK_DECIDE = "task.decide"
    TASK_REASSIGN_OTHERS = "task.reassign_others"
    ACCOUNT_EDIT_OWN = "account.edit_own"
    ACCOUNT_SESSIONS = "account.list_and_end_own_sessions"
    ACCOUNT_DISABLE_OTHER = "account.disable_other_and_kill_sessions"
    STAFF_USER_MANAGE = "staff_user.manage"
    STATE_ROLE_GRANT = "state_role.grant"
    OPS_HEALTH_VIEW = "ops.health.view"
    OPS_SYSTEM_VIEW = "ops.system.view"
    WORKFLOW_RETRY = "workflow.retry"


class Cell(StrEnum):
    """How far a role may act, as in the matrix.

    PUBLIC anybody; TOKEN whoever holds the one-time token; SELF own record; LOCATION own locations;
    ORGANIZATION own organizations; TEAM own team's; ALL everything; a trailing `m` masks fields; `2`
    asks for a second person.
    """

    PUBLIC = "P"
    TOKEN = "K"
    SELF = "S"
    LOCATION = "L"
    LOCATION_MASKED = "Lm"
    ORGANIZATION = "O"
    TEAM = "T"
    TEAM_MASKED = "Tm"
    ALL = "A"
    ALL_MASKED = "Am"
    ALL_SECOND = "A2"


EVERYBODY = frozenset(Role) - {Role.SVC}
SIGNED_IN = EVERYBODY - {Role.ANON}


def row(**cells: str) -> Mapping[Role, Cell]:
    """A row of the permission table, by role: `row(ORG="O", REV="A")`."""
    return {Role(role): Cell(cell) for role, cell in cells.items()}


def same(cell: Cell, roles: frozenset[Role] = EVERYBODY) -> Mapping[Role, Cell]:
    """A row in which several roles have the same cell."""
    return dict.fromkeys(roles, cell)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to an account on a scope; `scope_id` is a team's name or a row's id, None for the state."""

    role: Role
    scope_type: ScopeType
    scope_id: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is signed in, with every live grant."""

    account_id: UUID
    name: str
    email: str
    language: str
    grants: tuple[Grant, ...] = ()
    second_factor_passed: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def state_staff(self) -> bool:
        return bool(self.roles & STATE_ROLES)

    @property
    def teams(self) -> frozenset[str]:
        return frozenset(
            grant.scope_id for grant in self.grants if grant.scope_type is ScopeType.TEAM and grant.scope_id
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """Which objects a permission covers for one person; a query filters by it.

    `allowed` is False when no role of the person may do it at all. `everything` covers all objects.
    `masked` means that nothing the person reaches is shown whole.
    """

    allowed: bool = False
    everything: bool = False
    masked: bool = False
    organizations: frozenset[UUID] = field(default_factory=frozenset)
    locations: frozenset[UUID] = field(default_factory=frozenset)
    teams: frozenset[str] = field(default_factory=frozenset)
    own: UUID | None = None


_WHOLE = frozenset({Cell.PUBLIC, Cell.TOKEN, Cell.ALL, Cell.ALL_SECOND, Cell.ALL_MASKED})
_AT_LOCATION = frozenset({Cell.LOCATION, Cell.LOCATION_MASKED})
_IN_TEAM = frozenset({Cell.TEAM, Cell.TEAM_MASKED})
_MASKED = frozenset({Cell.LOCATION_MASKED, Cell.TEAM_MASKED, Cell.ALL_MASKED})


def reach_of(principal: Principal | None, cells: Mapping[Role, Cell]) -> Reach:
    """How far a person may go with a permission, given its row of the table; deny by default."""
    if principal is None:
        cell = cells.get(Role.ANON)
        return Reach(allowed=cell is not None, everything=cell is not None)
    if not principal.grants:
        return _without_grant(principal, cells)
    pairs = [(grant, cells[grant.role]) for grant in principal.grants if grant.role in cells]
    held = frozenset(cell for _, cell in pairs)
    return Reach(
        allowed=bool(pairs),
        everything=bool(held & _WHOLE),
        masked=bool(held) and held <= _MASKED,
        organizations=_scopes(pairs, frozenset({Cell.ORGANIZATION}), ScopeType.ORGANIZATION),
        locations=_scopes(pairs, _AT_LOCATION, ScopeType.LOCATION),
        teams=frozenset(
            grant.scope_id
            for grant, cell in pairs
            if cell in _IN_TEAM and grant.scope_type is ScopeType.TEAM and grant.scope_id
        ),
        own=principal.account_id if Cell.SELF in held else None,
    )


def _without_grant(principal: Principal, cells: Mapping[Role, Cell]) -> Reach:
    """An account without any role is treated as one that only looks after itself."""
    cell = cells.get(Role.RCP) or cells.get(Role.ANON)
    if cell is None:
        return Reach()
    return Reach(
        allowed=True,
        everything=cell in _WHOLE,
        own=principal.account_id if cell is Cell.SELF else None,
    )


def _scopes(pairs: list[tuple[Grant, Cell]], cells: frozenset[Cell], scope_type: ScopeType) -> frozenset[UUID]:
    return frozenset(
        UUID(grant.scope_id)
        for grant, cell in pairs
        if cell in cells and grant.scope_type is scope_type and grant.scope_id
    )
