"""Every route for every role and every thing: the answer of the table, one page a refusal, one trace (S1, S2)."""

from __future__ import annotations

import pytest

from tests.authorization.answers import fault_of, middle_of, page_of, unwritten
from tests.authorization.cells import cells
from tests.authorization.oracle import Verdict
from tests.authorization.people import ROLES
from tests.authorization.visits import Visitor
from tests.authorization.world import MALFORMED

REFUSALS = frozenset({Verdict.FORBIDDEN, Verdict.MISSING})
AT_LEAST = 90
"""Every route with each of its methods."""


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_is_answered_as_the_table_says(app, world, facts, role):
    visitor = Visitor(app, world, world.people[role])
    faults, asked, pages = [], 0, {}
    before = facts.checksum()
    for cell in cells(app, world, visitor.who):
        answer = visitor.ask(cell)
        asked += 1
        faults += filter(None, [fault_of(cell, answer)])
        if cell.expected in REFUSALS:
            page = page_of(cell, answer)
            malformed = cell.thing is not None and cell.thing.kind == MALFORMED
            pages.setdefault(answer.status_code, {}).setdefault(middle_of(page), str(cell))
            if not malformed:
                pages.setdefault((cell.method, cell.rule, answer.status_code), {}).setdefault(page, str(cell))
        if (after := facts.checksum()) != before:
            faults.append(f"{cell} has changed something")
            before = after
    faults += [f"{key} looks different: {sorted(found.values())}" for key, found in pages.items() if len(found) > 1]
    assert asked >= AT_LEAST
    assert not faults, "\n".join(faults)
    assert not unwritten(world.database, visitor)
