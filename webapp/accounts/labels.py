"""What roles, states and the events of an account are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from models.domain.capabilities import declared
from models.domain.core.actors import ActorKind
from models.domain.core.permissions import STATE_ROLES, Grant, Role
from models.domain.identity.grants import STATE_WIDE, Seat
from models.queries.identity.directory import AccountEvent, AccountStatus
from webapp.core.capability import named
from webapp.core.text.dates import moment
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.tasks.labels import team_words

ROLES: Mapping[str, str] = {
    Role.ADM: _l("Administrator"),
    Role.AGT: _l("Help desk agent"),
    Role.ALC: _l("Allocation planner"),
    Role.AUD: _l("Auditor"),
    Role.COO: _l("Location coordinator"),
    Role.EMP: _l("Employer"),
    Role.HCP: _l("Vaccinator"),
    Role.LOC: _l("Location manager"),
    Role.ORG: _l("Organization administrator"),
    Role.REV: _l("Enrollment reviewer"),
    Role.RPT: _l("Report reader"),
    Role.SUP: _l("Supervisor"),
}
STATUSES: Mapping[AccountStatus, tuple[str, str]] = {
    AccountStatus.ACTIVE: (_l("Active"), "good"),
    AccountStatus.INVITED: (_l("Invited"), "waiting"),
    AccountStatus.DISABLED: (_l("Closed"), "neutral"),
}
EVENTS: Mapping[str, str] = {
    "account.create": _l("Created the account"),
    "account.invite": _l("Sent the invitation again"),
    "account.edit": _l("Changed the name or language"),
    "account.disable": _l("Closed the account"),
    "account.reopen": _l("Reopened the account"),
    "account.reset_second_factor": _l("Reset the second step"),
    "account.second_factor_added": _l("Set up the second step"),
    "account.second_factor_removed": _l("The second step was turned off"),
    "grant.give": _l("Gave a role: %(role)s"),
    "grant.end": _l("Ended a role: %(role)s"),
}
ACTORS: Mapping[ActorKind, str] = {
    ActorKind.LINK: _l("The person, with a mailed link"),
    ActorKind.PROCESS: _l("The system"),
    ActorKind.SYSTEM: _l("The system"),
    ActorKind.ANONYMOUS: _l("Someone who wasn't signed in"),
}


def seats() -> tuple[Seat, ...]:
    """Every role that an administrator can give: in the teams that have tasks for it, or for the whole state."""
    in_teams = (Seat(Role(role), team) for team, role in sorted(declared().team_seats) if role in STATE_ROLES)
    return (*in_teams, *(Seat(role) for role in STATE_WIDE))


def seat_key(seat: Seat) -> str:
    """What a form calls a role in its place."""
    return f"{seat.role}:{seat.team or ''}"


def seat_of(key: str) -> Seat:
    """The role that a form names."""
    role, _colon, team = key.partition(":")
    return Seat(Role(role), team or None)


def role_words(role: str, team: str | None) -> str:
    """A role in words, with its team."""
    words = named(ROLES, role)
    return _("%(role)s, %(team)s", role=words, team=team_words(team)) if team else words


def seat_words(seat: Seat) -> str:
    """A role of state staff in words."""
    return role_words(seat.role, seat.team)


def grant_words(grants: tuple[Grant, ...]) -> list[str]:
    """Every role of an account, once."""
    found = (role_words(grant.role, grant.scope_id if grant.role in STATE_ROLES else None) for grant in grants)
    return sorted(set(found))


def staff_seats(grants: tuple[Grant, ...]) -> list[Seat]:
    """The roles of state staff among an account's grants."""
    return [Seat(grant.role, grant.scope_id) for grant in grants if grant.role in STATE_ROLES]


def event_line(event: AccountEvent) -> dict[str, str | None]:
    """One line of an account's history, as the timeline draws it."""
    scope = event.detail.get("scope_id") if event.detail.get("scope_type") == "team" else None
    role = role_words(str(event.detail.get("role", "")), scope)
    return {
        "text": named(EVENTS, event.action) % {"role": role},
        "at": moment(event.at),
        "by": event.name or str(ACTORS.get(event.actor, "")) or None,
        "note": event.detail.get("because") or None,
    }
