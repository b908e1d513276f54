"""Who sits before the inbox: the person, how far the tasks in sight go, and which of them are his or hers to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, ColumnElement, DateTime, Text, Uuid, and_, any_, bindparam, or_

from models.domain.capabilities import declared
from models.domain.core.calendar.service_hours import BusinessCalendar
from models.domain.core.permissions import Principal, Reach, Role, ScopeType
from models.domain.core.tasks import soon_until
from models.tables.core.tasks import Task

NOW = bindparam("now", type_=DateTime(timezone=True))
ME = bindparam("account_id", type_=Uuid())
INVOLVED = bindparam("involved_orgs", type_=ARRAY(Uuid()))
"""The values of the statements that are put together once for each shape of a desk."""


@dataclass(frozen=True, slots=True)
class Shape:
    """All of a desk that the text of a statement depends on; `own_roles` are those that have tasks without a team."""

    staff: bool
    seats: tuple[tuple[str, str], ...]
    sight: tuple[tuple[str, str], ...]
    own_roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """`seats` are the teams and roles whose tasks the person may do, `sight` those he or she may see.

    What is due up to `soon` is due soon.
    """

    principal: Principal
    reach: Reach
    now: datetime
    soon: datetime
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

    @property
    def shape(self) -> Shape:
        """What statements about this desk are put together for."""
        roles = {grant.role for grant in self.principal.grants if grant.scope_id}
        own = tuple(role for role in OWN_PLACES if role in roles)
        return Shape(self.staff, tuple(sorted(self.seats)), tuple(sorted(self.sight)), own)

    @property
    def values(self) -> dict[str, Any]:
        """What such a statement is run with."""
        known = {"now": self.now, "account_id": self.account_id, "involved_orgs": list(self.involved_orgs)}
        return known | {f"places_{role}": self._places(role) for role in OWN_PLACES}

    def _places(self, role: Role) -> list[UUID]:
        return [UUID(grant.scope_id) for grant in self.principal.grants if grant.role is role and grant.scope_id]


def desk_of(
    principal: Principal,
    reach: Reach,
    *,
    now: datetime,
    calendar: BusinessCalendar,
    involved_orgs: Collection[UUID],
) -> Desk:
    """The person's desk at a moment of the database; `involved_orgs` are those of the rule S39.1."""
    held = {(grant.scope_id, grant.role.value) for grant in principal.grants if grant.scope_type is ScopeType.TEAM}
    known = declared().team_seats
    sight = {seat for seat in known if reach.everything or seat[0] in reach.teams}
    return Desk(
        principal=principal,
        reach=reach,
        now=now,
        soon=soon_until(now, calendar),
        involved_orgs=frozenset(involved_orgs),
        seats=known & held,
        sight=frozenset(sight),
    )


def seat_condition(seat: tuple[str, str]) -> ColumnElement[bool]:
    """The tasks of one team for one role: the first columns of the inbox's index."""
    return and_(Task.team == seat[0], Task.candidate_role == seat[1])


def own_conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """The person's own tasks, and those of the own organizations and locations that are for his or her role."""
    return [Task.candidate_account_id == ME, *_of_places(shape)]


def _of_places(shape: Shape) -> list[ColumnElement[bool]]:
    return [
        and_(Task.team.is_(None), Task.candidate_role == str(role), OWN_PLACES[role] == any_(_places(f"places_{role}")))
        for role in shape.own_roles
    ]


OWN_PLACES = {Role.ORG: Task.org_id, Role.COO: Task.location_id, Role.LOC: Task.location_id}


def in_sight() -> ColumnElement[bool]:
    """Every task that the person may look at; a team's or one person's is theirs alone, whomever it is about."""
    places = ((Task.org_id, "sight_organizations"), (Task.location_id, "sight_locations"))
    shared = and_(Task.team.is_(None), Task.candidate_account_id.is_(None))
    own = (and_(shared, column == any_(_places(name))) for column, name in places)
    everything, teams = bindparam("sight_everything", type_=Boolean()), bindparam("sight_teams", type_=ARRAY(Text()))
    return or_(everything, Task.team == any_(teams), Task.candidate_account_id == ME, *own)


def sight_values(desk: Desk) -> dict[str, Any]:
    """What a statement with `in_sight` is run with."""
    reach = desk.reach
    return {
        "account_id": desk.account_id,
        "sight_everything": reach.everything,
        "sight_teams": list(reach.teams),
        "sight_organizations": list(reach.organizations),
        "sight_locations": list(reach.locations),
    }


def _places(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=ARRAY(Uuid()))
