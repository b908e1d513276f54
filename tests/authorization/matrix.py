"""The matrix of one capability: every route for every role, with one page a refusal, one trace, and nothing written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.authorization.answers import Facts, Writes, fault_of, middle_of, newest_audit_row, page_of, unwritten
from tests.authorization.cells import TOKEN_ROUTES, Cell, capability_of, cells, routes
from tests.authorization.oracle import Verdict
from tests.authorization.people import ROLES, Who
from tests.authorization.visits import Visitor
from tests.authorization.world import MALFORMED, World

REFUSALS = frozenset({Verdict.FORBIDDEN, Verdict.MISSING})
Pages = dict[object, dict[str, str]]


def matrix_of(capability: str) -> Callable[..., None]:
    """The test of a capability's routes, once for each role."""

    @pytest.mark.parametrize("role", ROLES)
    def test_every_cell(app: Flask, world: World, facts: Facts, writes: Writes, role: str) -> None:
        visitor, since = Visitor(app, world, world.people[role]), newest_audit_row(world.database)
        before, pages = facts.checksum(), {}
        for cell in models(app, world, visitor.who):
            compare(pages, cell, visitor.ask(cell))
        writes.take()
        wanted = list(cells(app, world, visitor.who, capability=capability))
        faults = [fault for cell in wanted for fault in asked(visitor, cell, writes, pages)]
        faults += [f"{key} looks different: {sorted(found.values())}" for key, found in pages.items() if len(found) > 1]
        assert len(wanted) >= len(addresses(app, capability))
        assert not faults, "\n".join(faults)
        assert facts.checksum() == before
        assert not unwritten(world.database, visitor, since=since)

    return test_every_cell


def asked(visitor: Visitor, cell: Cell, writes: Writes, pages: Pages) -> list[str]:
    """Ask for one cell; what is wrong with the answer."""
    answer = visitor.ask(cell)
    compare(pages, cell, answer)
    written = writes.take()
    changed = [f"{cell} has written {sorted(written)}"] if written else []
    return [*filter(None, [fault_of(cell, answer)]), *changed]


def compare(pages: Pages, cell: Cell, answer) -> None:
    """Keep what a refusal looks like beside the others of its status, and of its route."""
    if cell.expected not in REFUSALS:
        return
    page = page_of(cell, answer)
    pages.setdefault(answer.status_code, {}).setdefault(middle_of(page), str(cell))
    if cell.thing is None or cell.thing.kind != MALFORMED:
        pages.setdefault((cell.method, cell.rule, answer.status_code), {}).setdefault(page, str(cell))


def models(app: Flask, world: World, who: Who) -> list[Cell]:
    """One refusal of each status from anywhere in the matrix: what those of every capability must look like."""
    found: dict[Verdict, Cell] = {}
    for cell in cells(app, world, who):
        if cell.expected in REFUSALS:
            found.setdefault(cell.expected, cell)
        if found.keys() == REFUSALS:
            break
    return list(found.values())


def addresses(app: Flask, capability: str) -> list[str]:
    """Every route of a capability with each of its methods, without those that a token opens."""
    return [
        f"{method} {rule.rule}"
        for rule, method in routes(app)
        if capability_of(rule.endpoint) == capability and rule.endpoint not in TOKEN_ROUTES
    ]
