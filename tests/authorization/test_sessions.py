"""A session that is not whole opens nothing; rights that are taken act on the next request (P35, S4, S7)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.grants import end_grant
from tests.authorization.answers import fault_of, unwritten
from tests.authorization.cells import Cell, cells
from tests.authorization.oracle import Verdict
from tests.authorization.people import Proof, Who, make_person, with_session
from tests.authorization.visits import Visitor

PROOFS = [(Role.REV, Proof.HALF), (Role.ORG, Proof.ENDED), (Role.REV, Proof.IDLE), (Role.ORG, Proof.STALE)]
OPEN_TO_VISITORS = frozenset({Verdict.ALLOWED, Verdict.MISSING})
"""The form of a session that is over carries a stale token, so it is answered as an expired page."""


def firsts(app, world, who: Who) -> list[Cell]:
    """One cell of each route and method."""
    return list({(cell.method, cell.rule): cell for cell in reversed(list(cells(app, world, who)))}.values())


@pytest.mark.parametrize(("role", "proof"), PROOFS)
def test_a_session_that_is_not_good_enough_gets_no_further_than_the_table_says(app, world, facts, role, proof):
    before = facts.checksum()
    faults = []
    for cell in firsts(app, world, with_session(world.database, world.people[role], proof)):
        visitor = Visitor(app, world, with_session(world.database, world.people[role], proof))
        answer = visitor.ask(cell)
        stale_form = proof in {Proof.ENDED, Proof.IDLE} and cell.method == "POST" and answer.status_code in {303, 400}
        faults += [] if stale_form and cell.expected in OPEN_TO_VISITORS else filter(None, [fault_of(cell, answer)])
    assert not faults, "\n".join(faults)
    assert facts.checksum() == before


def test_a_disabled_account_is_nobody_at_its_next_request(app, world):
    person = make_person(world.database, "RPT", **place(world, "disabled"))
    visitor = Visitor(app, world, person)
    cell = next(cells(app, world, person, endpoint="identity.account"))
    assert fault_of(cell, visitor.ask(cell)) is None
    with_session(world.database, person, Proof.DISABLED)
    assert visitor.ask(cell).headers["Location"].startswith("/sign-in")


def test_a_grant_that_is_taken_away_is_gone_at_the_next_request(app, world):
    person = make_person(world.database, "ORG", **place(world, "revoked"))
    visitor = Visitor(app, world, person)
    cell = next(cells(app, world, person, endpoint="enrollment.application"))
    assert visitor.ask(cell).status_code == 200
    with transaction(world.database.app_engine) as session:
        end_grant(
            Act(session, SYSTEM, uuid4().hex),
            account_id=person.account,
            role=Role.ORG,
            scope_type=ScopeType.ORGANIZATION,
            scope_id=person.org,
            because="left",
        )
    assert visitor.ask(cell).status_code == 403
    assert not unwritten(world.database, visitor)


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.HALF])
def test_a_script_is_told_401_in_place_of_the_sign_in_page(app, world, proof):
    who = world.people["ANON"] if proof is Proof.NONE else with_session(world.database, world.people["REV"], proof)
    refused = [cell for cell in firsts(app, world, who) if cell.expected in {Verdict.SIGN_IN, Verdict.SECOND_FACTOR}]
    answers = {str(cell): Visitor(app, world, who).ask(cell, json=True).status_code for cell in refused}
    assert len(answers) > 50
    assert set(answers.values()) == {401}, [cell for cell, status in answers.items() if status != 401]


def place(world, nick: str) -> dict[str, object]:
    return {"org": world.org, "location": world.locations[0], "nick": nick}
