"""Take any single check away, and a cell of the matrix is answered otherwise (S1)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from models.postgres.database import transaction
from models.tables.identity.accounts import Account, AccountStatus
from tests.authorization.answers import fault_of
from tests.authorization.cells import TOKEN_ROUTES, cells
from tests.authorization.filters import COVERED, MUTANTS, filters
from tests.authorization.oracle import Verdict
from tests.authorization.people import Proof, with_session
from tests.authorization.visits import Visitor

DOUBLED = ["identity.kept_recovery_codes"]
"""A view that by itself leads whoever is not signed in to the sign-in page, as its guard does."""
LET_NOBODY_IN = frozenset({Verdict.SIGN_IN, Verdict.FORBIDDEN})


def first_fault(app, world, wanted):
    """The first cell that is answered otherwise than it must be; None when nobody notices."""
    for cell in wanted:
        found = fault_of(cell, Visitor(app, world, cell.who).ask(cell))
        if found:
            return found
    return None


def guarded(app):
    return {name: view for name, view in app.view_functions.items() if hasattr(view, "__wrapped__")}


def test_whatever_guard_is_taken_away_somebody_gets_further_than_the_table_says(app, world, monkeypatch):
    unnoticed = []
    for endpoint, view in guarded(app).items():
        people = [world.people[name] for name in ("ANON", "AUD", "ADM")]
        wanted = [cell for who in people for cell in cells(app, world, who, endpoint=endpoint)]
        wanted = [cell for cell in wanted if cell.expected in LET_NOBODY_IN]
        with monkeypatch.context() as without:
            without.setitem(app.view_functions, endpoint, view.__wrapped__)
            if wanted and first_fault(app, world, wanted) is None:
                unnoticed.append(endpoint)
        if not wanted and endpoint not in TOKEN_ROUTES:
            assert hasattr(view, "permission")
            assert not hasattr(view.__wrapped__, "permission")
    assert len(guarded(app)) > 50
    assert unnoticed == DOUBLED


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.removed)
def test_whatever_filter_is_taken_away_a_cell_is_answered_otherwise(app, world, mutant):
    who = with_session(world.database, world.people[mutant.role], mutant.proof)
    try:
        assert first_fault(app, world, list(cells(app, world, who, endpoint=mutant.endpoint))) is None
        again = with_session(world.database, who, mutant.proof)
        wanted = list(cells(app, world, again, endpoint=mutant.endpoint))
        with mutant.change():
            assert first_fault(app, world, wanted) is not None, f"nothing notices without {mutant.removed}"
    finally:
        if mutant.proof is Proof.DISABLED:
            restore(world, who)


def test_every_query_that_depends_on_who_asks_is_watched_by_something():
    assert set(filters()) == set(COVERED)


def restore(world, who):
    with transaction(world.database.owner_engine) as session:
        session.execute(update(Account).where(Account.id == who.account).values(status=AccountStatus.ACTIVE))
