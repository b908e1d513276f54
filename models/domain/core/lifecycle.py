"""The lifecycle of a thing that people and processes move: who may do what in which state, and what leads where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from models.domain.core.permissions import Role
from models.domain.core.violations import RuleViolation

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[State, Action]):
    """What a capability declares of one noun.

    `allowed` says which roles may do what in each state; `ANON` stands for whoever holds the link that was
    mailed, so it refuses nobody: the link is checked where it is used up. `moves` gives for each state those
    that follow, with the person's action that leads there, or None where only the process goes.
    `team` is whose staff roles count.
    """

    noun: str
    allowed: Mapping[State, Mapping[Action, frozenset[Role]]]
    moves: Mapping[State, Mapping[State, Action | None]]
    team: str | None = None

    @property
    def final(self) -> frozenset[State]:
        """The states that nothing follows."""
        return frozenset(state for state in self.allowed if not self.moves.get(state))

    def check(self, action: Action, state: State, roles: Collection[Role] | None) -> None:
        """Refuse what nobody may do in this state (`wrong_state`), or none of these roles (`wrong_role`).

        `roles` None stands for a process, which has no role and asks the facts instead.
        """
        may = self.allowed[state].get(action)
        if may is None:
            raise self._moved_on(state)
        if roles is not None and Role.ANON not in may and may.isdisjoint(roles):
            raise RuleViolation("wrong_role", "Someone with another role has to do this.", None, action=action.value)

    def action_between(self, state: State, to: State) -> Action | None:
        """The person's action that leads from a state to another; refused (`wrong_state`) where nothing does."""
        following = self.moves.get(state, {})
        if to not in following:
            raise self._moved_on(state)
        return following[to]

    def _moved_on(self, state: State) -> RuleViolation:
        message = f"This cannot be done now, because the {self.noun} has moved on."
        return RuleViolation("wrong_state", message, None, state=state.value)
