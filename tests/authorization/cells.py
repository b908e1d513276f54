"""The cells of the matrix: every route and method, asked for every thing, as one person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from flask import Flask
from werkzeug.routing import Rule

from models.domain.capabilities import declared
from models.domain.core.permissions import Permission
from models.domain.enrollment.kinds import LinkPurpose
from models.domain.identity.declares import LinkPurpose as AccountLink
from tests.authorization.oracle import Verdict, cell, verdict
from tests.authorization.people import Who
from tests.authorization.world import ABSENT, Thing, World, step_of

WITHOUT_VIEW = frozenset({"static"})
"""Served by Flask itself: files that everybody may read."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TOKEN_ROUTES = {
    "identity.reset_password": AccountLink.RESET_PASSWORD,
    "identity.accept_invitation": AccountLink.ACCEPT_ACCOUNT,
    "enrollment.confirm": LinkPurpose.CONFIRM_ENROLLMENT,
    "enrollment.join": LinkPurpose.JOIN_LOCATION,
    "enrollment.sign": LinkPurpose.SIGN_SECTION,
    "enrollment.fresh_link": LinkPurpose.SIGN_SECTION,
}
"""Routes that whoever holds a token may open, with the purpose that their token must have."""
WORDS = {"act": "claim", "kind": "sign"}
"""What else an address names; `step` depends on the section."""


@dataclass(frozen=True)
class Cell:
    """One request and the answer that it must get."""

    who: Who
    endpoint: str
    method: str
    rule: str
    address: str
    permission: Permission
    thing: Thing | None
    expected: Verdict

    def __str__(self) -> str:
        thing = f" ({self.thing.noun} {self.thing.kind or self.thing.id})" if self.thing else ""
        return f"{self.who.name}, {self.who.proof}: {self.method} {self.rule}{thing}"


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with each of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in WITHOUT_VIEW:
            yield from ((rule, method) for method in METHODS if method in (rule.methods or ()))


def id_of(rule: Rule) -> str | None:
    """The name of the id in an address."""
    return next((name for name in sorted(rule.arguments) if name.endswith("_id")), None)


def cells(
    app: Flask, world: World, who: Who, *, endpoint: str | None = None, capability: str | None = None
) -> Iterator[Cell]:
    """The cells of a person: for each route one thing of each kind of the own and of the others, and one absent.

    Where there are several of a sort, which one is asked for differs from role to role and from route to route.
    So the number of cells stays in line with that of routes, however many things there are.
    """
    for rule, method in routes(app):
        if endpoint not in (None, rule.endpoint) or rule.endpoint in TOKEN_ROUTES:
            continue
        if capability not in (None, capability_of(rule.endpoint)):
            continue
        for thing in things_for(app, world, who, rule):
            yield _cell(app, who, rule, method, thing)


def capability_of(endpoint: str) -> str:
    """The capability whose page a route is: its blueprint."""
    return endpoint.partition(".")[0]


def things_for(app: Flask, world: World, who: Who, rule: Rule) -> list[Thing | None]:
    """What is asked for at a route: one thing of each sort, one that never was and one that is no id at all."""
    name, view = id_of(rule), app.view_functions[rule.endpoint]
    if name is None:
        return [None]
    reachable = world.reachable(name)
    if cell(who, view.permission) is None:
        return [reachable[0], next(one for one in reachable if one.kind == ABSENT)]
    sorts: dict[tuple[object, ...], list[Thing]] = {}
    for thing in reachable:
        expected = verdict(who, rule.endpoint, view.permission, thing, fresh=view.fresh)
        sort = (expected, thing.org == world.org, thing.kind)
        sorts.setdefault(sort, []).append(thing)
    place = crc32(f"{who.name} {rule.rule}".encode())
    return [found[place % len(found)] for found in sorts.values()]


def _cell(app: Flask, who: Who, rule: Rule, method: str, thing: Thing | None) -> Cell:
    view = app.view_functions[rule.endpoint]
    expected = verdict(who, rule.endpoint, view.permission, thing, fresh=view.fresh)
    address = address_of(rule, thing)
    return Cell(who, rule.endpoint, method, rule.rule, address, view.permission, thing, expected)


def address_of(rule: Rule, thing: Thing | None, token: str = "") -> str:
    """The address of a route for a thing; built by hand, since no converter lets a malformed id through."""
    words = {**WORDS, "token": token, "step": step_of(thing) if thing else ""}
    parts = (
        part if converter is None else str(thing.id) if thing and part.endswith("_id") else words[part]
        for converter, part in _parts(rule)
    )
    return "".join(parts)


def _parts(rule: Rule) -> Iterator[tuple[str | None, str]]:
    rest = rule.rule
    while "<" in rest:
        before, _, rest = rest.partition("<")
        inside, _, rest = rest.partition(">")
        yield None, before
        yield "converter", inside.rpartition(":")[2]
    yield None, rest


def faults_of_catalogue(app: Flask, known: set[str]) -> list[str]:
    """Routes without a permission or with an id that nobody has a thing for; permissions without a route."""
    used: set[Permission] = set()
    faults = []
    for rule, _method in routes(app):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        used.add(permission)
        if permission not in declared().matrix:
            faults.append(f"{rule.rule} names no permission of the table")
        unknown = set(rule.arguments) - known - set(WORDS) - {"step", "token"}
        if unknown:
            faults.append(f"{rule.rule} carries {sorted(unknown)}, for which the world has no thing")
        if "token" in rule.arguments and rule.endpoint not in TOKEN_ROUTES:
            faults.append(f"{rule.rule} takes a token of unknown purpose")
    return [*faults, *(f"{permission} has no route" for permission in sorted(set(declared().matrix) - used))]
