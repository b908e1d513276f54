"""What a capability declares about itself, and what follows when several are put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeVar

from models.domain.core.lifecycle import Lifecycle
from models.domain.core.permissions import Cell, Role
from models.domain.core.processes import WaitingFor
from models.domain.core.tasks import TaskRule, reminder_kind

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ProcessRule:
    """What is fixed for a kind of process; the kind is its workflow's name.

    `table` holds the entity, with its `id` and, in `column`, its state; processes about one entity have a column
    each. `states` says whom each state waits for; nothing follows a state that waits for nobody. `lifecycle` says
    who may do what in each.
    """

    kind: str
    entity_type: str
    table: str
    states: Mapping[str, WaitingFor]
    lifecycle: Lifecycle[Any, Any] | None = None
    column: str = "state"

    @property
    def final(self) -> frozenset[str]:
        """The states in which the process is over."""
        return frozenset(state for state, waits_for in self.states.items() if waits_for is WaitingFor.NOBODY)


@dataclass(frozen=True, slots=True)
class Capability:
    """All that one capability adds: what is not named here does not exist.

    `events` are the kinds of process events besides the core's own, `mails` the names of its templates,
    `matrix` its rows of the permission table.
    """

    name: str
    processes: tuple[ProcessRule, ...] = ()
    task_rules: Mapping[str, TaskRule] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    link_purposes: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    matrix: Mapping[str, Mapping[Role, Cell]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declarations:
    """What several capabilities declare together; read only."""

    capabilities: tuple[Capability, ...]
    processes: Mapping[str, ProcessRule]
    task_rules: Mapping[str, TaskRule]
    matrix: Mapping[str, Mapping[Role, Cell]]
    events: frozenset[str]
    deadlines: frozenset[str]
    link_purposes: frozenset[str]
    teams: frozenset[str]
    mails: frozenset[str]

    @property
    def entity_types(self) -> frozenset[str]:
        """What processes are about."""
        return frozenset(rule.entity_type for rule in self.processes.values())

    @property
    def team_seats(self) -> frozenset[tuple[str, str]]:
        """Every team with every role that has tasks there."""
        rules = self.task_rules.values()
        return frozenset(
            (str(rule.team), str(rule.candidate_role)) for rule in rules if rule.team and rule.candidate_role
        )


def compose(capabilities: Iterable[Capability]) -> Declarations:
    """Put capabilities together. Raises `ValueError` where two of them declare the same name."""
    known = tuple(capabilities)
    return Declarations(
        capabilities=known,
        processes=_merged({rule.kind: rule for rule in one.processes} for one in known),
        task_rules=_merged(one.task_rules for one in known),
        matrix=_merged(one.matrix for one in known),
        events=_names(one.events for one in known),
        deadlines=_names(one.deadlines for one in known) | _reminders(known),
        link_purposes=_names(one.link_purposes for one in known),
        teams=frozenset(chain.from_iterable(one.teams for one in known)),
        mails=_names(one.mails for one in known),
    )


def _merged(parts: Iterable[Mapping[str, Row]]) -> Mapping[str, Row]:
    """One map of all; a name belongs to one capability."""
    merged: dict[str, Row] = {}
    for part in parts:
        if twice := merged.keys() & part.keys():
            raise ValueError(f"declared twice: {sorted(twice)}")
        merged |= part
    return MappingProxyType(merged)


def _names(parts: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(_merged(dict.fromkeys(part, True) for part in parts))


def _reminders(capabilities: Iterable[Capability]) -> frozenset[str]:
    """The kinds of deadlines that follow from the days on which tasks are reminded of."""
    rules = chain.from_iterable(one.task_rules.values() for one in capabilities)
    return frozenset(reminder_kind(day) for rule in rules for day in rule.reminder_days)
