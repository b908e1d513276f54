"""How a capability declares to the web app what it brings; `webapp/<capability>/declares.py` holds one declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, current_app

from models.domain.core.permissions import Principal, Role

EXTENSION = "cvms-declarations"
Words = Mapping[str, str]
"""Words by the stored name of what they are for; translated when they are shown."""
Viewers = Callable[[Principal | None], bool]
"""Whether something is shown to whoever looks; None is a visitor."""


def visitors(person: Principal | None) -> bool:
    """Whoever is not signed in."""
    return person is None


def the_public(person: Principal | None) -> bool:
    """Signed-in people who do not work for the state."""
    return person is not None and not person.state_staff


def staff(person: Principal | None) -> bool:
    """Everybody who works for the state."""
    return person is not None and person.state_staff


def holders(*roles: Role) -> Viewers:
    """Signed-in people with one of the roles."""
    wanted = frozenset(roles)
    return lambda person: person is not None and bool(person.roles & wanted)


@dataclass(frozen=True, slots=True)
class Place:
    """A page that people are led to: its endpoint, what it is called, and who is led there."""

    endpoint: str
    label: str
    viewers: Viewers


@dataclass(frozen=True, slots=True)
class WebCapability:
    """What one capability brings.

    `menu` are entries of the main menu, `homes` pages that people begin with, both in order. `titles`, `outcomes`
    and `teams` are words for its kinds of tasks, the decisions and the teams, `processes` for its kinds of processes.
    `task_pages` are the pages on which a task is decided (`webapp.tasks.page.TaskPage`), `task_addresses` lead to
    the page of a task that is done elsewhere.
    `refusals` are words for the codes of refused rules, `events` and `tries` for lines of the audit trail that a
    timeline shows.
    """

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    menu: tuple[Place, ...] = ()
    homes: tuple[Place, ...] = ()
    titles: Words = field(default_factory=dict)
    outcomes: Words = field(default_factory=dict)
    teams: Words = field(default_factory=dict)
    processes: Words = field(default_factory=dict)
    task_pages: Mapping[str, Any] = field(default_factory=dict)
    task_addresses: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    refusals: Words = field(default_factory=dict)
    events: Words = field(default_factory=dict)
    tries: Words = field(default_factory=dict)


WORDS = ("titles", "outcomes", "teams", "processes", "task_pages", "task_addresses", "refusals", "events", "tries")
"""What is composed by name: no two capabilities may declare the same one."""


def compose(capabilities: Iterable[WebCapability]) -> WebCapability:
    """All of them as one; raises `ValueError` where two declare the same name differently."""
    capabilities = tuple(capabilities)
    tables: dict[str, dict[str, Any]] = {name: {} for name in WORDS}
    for one in capabilities:
        for table, entries in tables.items():
            brought = getattr(one, table)
            if twice := sorted(name for name in entries.keys() & brought.keys() if entries[name] != brought[name]):
                raise ValueError(f"{one.name} declares again in {table}: {', '.join(twice)}")
            entries.update(brought)
    return WebCapability(
        "all",
        blueprints=tuple(blueprint for one in capabilities for blueprint in one.blueprints),
        menu=tuple(place for one in capabilities for place in one.menu),
        homes=tuple(place for one in capabilities for place in one.homes),
        **tables,
    )


def declare(app: Flask, capabilities: Iterable[WebCapability]) -> None:
    """Give the app what the capabilities bring, and register their pages."""
    app.extensions[EXTENSION] = compose(capabilities)
    for blueprint in app.extensions[EXTENSION].blueprints:
        app.register_blueprint(blueprint)


def declared() -> WebCapability:
    """What all capabilities of the current app bring, as one."""
    found: WebCapability = current_app.extensions[EXTENSION]
    return found


def named(words: Words, name: str) -> str:
    """The words for a stored name; the name itself, readable, where this version of the code knows none."""
    return str(words[name]) if name in words else name.replace("_", " ").capitalize()
