"""Moving what has a lifecycle: the transition and who may are checked, state and time set, and it is audited."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.domain.core.actors import Actor, ActorKind
from models.domain.core.lifecycle import Lifecycle
from models.domain.core.permissions import Role
from models.queries.core.roles import roles_on
from models.store.core.act import Act
from models.store.core.audit import record
from models.tables.core.lifecycle import Stateful

ROLELESS = frozenset({ActorKind.PROCESS, ActorKind.SYSTEM})
"""They act on what the facts ask for; no role stands behind them."""


def check_may(act: Act, row: Stateful, action: StrEnum, *, location_id: UUID | None = None) -> None:
    """Refuse what the state of a row does not allow (`wrong_state`), or not to this actor (`wrong_role`).

    `location_id` is where the act happens, for roles that are held at one location.
    """
    lifecycle = row.lifecycle
    roles = _roles(act, row, location_id) if _asks_for_roles(act.by, lifecycle, action, row.state) else None
    lifecycle.check(action, _state(row), roles)


def move(
    act: Act, row: Stateful, to: StrEnum, *, audit: str | None = None, detail: Mapping[str, object] | None = None
) -> None:
    """Move a row, which the caller has locked, to another state.

    Refused: `wrong_state` where nothing leads there or a person does what only the process may, and
    `wrong_role`. The audit row is named by the action that leads there, or by the state, or by `audit`.
    """
    lifecycle = row.lifecycle
    action = lifecycle.action_between(_state(row), to)
    if act.by.kind not in ROLELESS:
        check_may(act, row, action or to)
    row.state, row.state_since = to, act.now
    noun = lifecycle.noun
    record(
        act,
        action=f"{noun}.{audit or action or to}",
        object_type=noun,
        object_id=row.id,
        org_id=row.org_id,
        detail={noun: str(row.id), **(detail or {})},
    )


def _state(row: Stateful) -> Any:
    """The state as the member of the enumeration that the lifecycle is written in."""
    return next(state for state in row.lifecycle.allowed if state == row.state)


def _asks_for_roles(by: Actor, lifecycle: Lifecycle[Any, Any], action: StrEnum, state: str) -> bool:
    return by.kind not in ROLELESS and Role.ANON not in lifecycle.allowed[state].get(action, (Role.ANON,))


def _roles(act: Act, row: Stateful, location_id: UUID | None) -> frozenset[Role]:
    if act.by.kind is not ActorKind.PERSON or act.by.id is None:
        return frozenset({Role.ANON})
    team = row.lifecycle.team
    return roles_on(act.session, act.by.id, org_id=row.org_id, location_id=location_id, team=team)
