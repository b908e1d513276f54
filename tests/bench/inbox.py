"""How long the server takes for the first page of the inbox, with few and with very many open tasks."""

from __future__ import annotations

import time

from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.crypto.sealing import use_secret
from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Team
from tests.bench import bare_page
from tests.bench.figures import Figures, Goal, Measure, of_times
from tests.bench.masses import add_tasks
from tests.bench.stack import SECRET, BenchStack
from tests.bench.statements import statements_of
from tests.webapp.accounts import make_account, sign_in
from webapp import create_app
from webapp.extensions import db

FEW, MANY = 1_000, 1_000_000
WARM_UP = 20
PAGE = "/tasks?view=unassigned"
MOST_STATEMENTS, MOST_GROWTH = 6, 1.5


def measure(stack: BenchStack, *, pages: int, many: int = MANY) -> list[Measure]:
    """The page of all that nobody holds, first with few tasks in the database, then with many."""
    use_secret(SECRET)
    place = stack.another_place("inbox")
    holder = make_account(place.database.app_engine, "holder@state.example.org", role=Role.REV, team=Team.ENROLLMENT)
    make_account(place.database.app_engine, "rosa@state.example.org", role=Role.REV, team=Team.ENROLLMENT)
    app = create_app(place.settings)
    client, bare = app.test_client(), bare_page.create_app(place.database.app_engine).test_client()
    sign_in(client, "rosa@state.example.org")
    with app.app_context():
        engine = db.engine
    seen, found = 0, []
    for size in (FEW, many):
        add_tasks(place.database.owner_engine, first=seen + 1, last=size, holder=holder)
        seen = size
        figures = _time(client, engine, PAGE, pages)
        found.append((size, figures, _time(bare, place.database.app_engine, "/tasks", pages)))
    engine.dispose()
    place.database.dispose()
    return _lines(found)


def _time(client: FlaskClient, engine: Engine, address: str, pages: int) -> Figures:
    times, most = [], 0
    for number in range(WARM_UP + pages):
        with statements_of(engine) as sent:
            begun = time.perf_counter()
            answer = client.get(address)
            taken = time.perf_counter() - begun
        if answer.status_code != 200 or "/tasks/" not in answer.get_data(as_text=True):
            raise RuntimeError(f"{address} was answered with {answer.status_code}, or lists nothing")
        if number >= WARM_UP:
            times.append(taken)
            most = max(most, sent.count)
    return of_times(times, sql=most)


def _lines(found: list[tuple[int, Figures, Figures]]) -> list[Measure]:
    few = found[0][1]
    return [
        Measure(
            f"inbox, first page, {size:,} open tasks",
            figures,
            bare,
            ratio=_of(figures) / _of(bare),
            goal=_goal(few, figures) if size != FEW else None,
        )
        for size, figures, bare in found
    ]


def _goal(few: Figures, many: Figures) -> Goal:
    growth = (many.p50_ms or 0) / (few.p50_ms or 1)
    words = f"p50 within {MOST_GROWTH} times that at {FEW:,} (is {growth:.2f}), at most {MOST_STATEMENTS} statements"
    return Goal(words, growth <= MOST_GROWTH and (many.sql or 0) <= MOST_STATEMENTS)


def _of(figures: Figures) -> float:
    assert figures.p95_ms is not None
    return figures.p95_ms
