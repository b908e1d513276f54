"""Who sits before the inbox: the person, how far the tasks in sight go, and which of them are his or hers to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session

from models.domain.permissions import Principal, Reach, Role, ScopeType
from models.domain.tasks import TASK_RULES
from models.queries.involvement import involvement
from models.tables.tasks import Task

TEAM_SEATS = frozenset(
    (str(rule.team), str(rule.candidate_role)) for rule in TASK_RULES.values() if rule.team and rule.candidate_role
)
"""Every team with every role that has tasks there."""
_NOW_AND_INVOLVED = select(func.db_now(), involvement(bindparam("account_id", type_=Uuid())))


@dataclass(frozen=True, slots=True)
class Desk:
    """`seats` are the teams and roles whose tasks the person may do, `sight` those he or she may see."""

    principal: Principal
    reach: Reach
    now: datetime
    involved_orgs: frozenset[UUID]
    seats: frozenset[tuple[str, str]]
    sight: frozenset[tuple[str, str]]

    @property
    def account_id(self) -> UUID:
        return self.principal.account_id

    @property
    def staff(self) -> bool:
        """Whether the tasks are a team's; else they are those of the person's own organizations."""
        return self.principal.state_staff


def find_desk(session: Session, principal: Principal, reach: Reach) -> Desk:
    """The person's desk at this moment of the database."""
    found = session.execute(_NOW_AND_INVOLVED, {"account_id": principal.account_id}).one()
    held = {(grant.scope_id, grant.role.value) for grant in principal.grants if grant.scope_type is ScopeType.TEAM}
    sight = {seat for seat in TEAM_SEATS if reach.everything or seat[0] in reach.teams}
    return Desk(
        principal=principal,
        reach=reach,
        now=found[0],
        involved_orgs=frozenset(found[1] or ()),
        seats=frozenset(seat for seat in TEAM_SEATS if seat in held),
        sight=frozenset(sight),
    )


def seat_condition(seat: tuple[str, str]) -> ColumnElement[bool]:
    """The tasks of one team for one role: the first columns of the inbox's index."""
    return and_(Task.team == seat[0], Task.candidate_role == seat[1])


def own_conditions(desk: Desk) -> list[ColumnElement[bool]]:
    """The tasks of the person's own organizations and locations, as far as they are for his or her role."""
    roles = {role: [UUID(g.scope_id) for g in desk.principal.grants if g.role is role and g.scope_id] for role in _OWN}
    conditions = [and_(Task.candidate_role == str(role), _OWN[role].in_(ids)) for role, ids in roles.items() if ids]
    return [and_(Task.team.is_(None), condition) for condition in conditions]


_OWN = {Role.ORG: Task.org_id, Role.COO: Task.location_id, Role.LOC: Task.location_id}


def in_sight(desk: Desk) -> ColumnElement[bool]:
    """Every task that the person may look at; a team's is the team's alone, whomever it is about."""
    reach = desk.reach
    if reach.everything:
        return true()
    places = ((Task.org_id, reach.organizations), (Task.location_id, reach.locations))
    own = (and_(Task.team.is_(None), column.in_(wanted)) for column, wanted in places if wanted)
    return or_(false(), Task.team.in_(reach.teams), *own)
