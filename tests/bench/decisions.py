"""How fast decisions are: one client on an idle stack, the way to the next open task, many clients at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from models.crypto.sealing import use_secret
from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome, Team
from tests.bench.bare_temporal import BareTemporal
from tests.bench.cases import Cases
from tests.bench.figures import Figures, Goal, Measure, of_rate, of_times
from tests.bench.people import SEE_OTHER, KeptConnection, OpenTask, Reviewer, bare_body
from tests.bench.stack import SECRET
from tests.bench.statements import statements_of
from tests.bench.watching import Watcher
from tests.webapp.accounts import TOKEN, make_account, sign_in
from webapp import create_app
from webapp.extensions import db

NEXT = "SELECT 1 FROM tasks WHERE kind = 'approve_enrollment' AND status = 'open' AND entity_id = %s"
REST = 0.05
"""So long a person's hand needs at least; meanwhile the stack comes to rest."""
NEXT_WITHIN_MS = 100.0
LEAST_SHARE = 0.13
MOST_TIMES = 4.1
"""A decision takes at most so many times as long as the bare page: 11 ms where that takes 2.7."""
WARM_UP = 5


def measure_one_client(cases: Cases, bare: BareTemporal, tasks: Sequence[OpenTask], *, sql: int) -> list[Measure]:
    """One reviewer decides one task after the other while everything runs and nothing else is asked of it."""
    reviewer = Reviewer(cases.database.app_engine, cases.stack.web_port, "rosa")
    answered, opened = [], []
    with Watcher(cases.database.owner_url) as watcher:
        for task in tasks:
            body, begun = reviewer.body(task), time.perf_counter()
            reviewer.decide(task, body)
            answered.append(time.perf_counter() - begun)
            watcher.wait_for(NEXT, str(task.entity_id))
            opened.append(time.perf_counter() - begun)
            time.sleep(REST)
    return [
        _deciding(of_times(answered[WARM_UP:], sql=sql), _bare_presses(cases.stack.bare_port, len(tasks))),
        _next_task(of_times(opened[WARM_UP:]), of_times(bare.round_trips(len(tasks) - WARM_UP))),
    ]


def _deciding(seen: Figures, bare: Figures) -> Measure:
    ratio = (seen.p50_ms or 0) / (bare.p50_ms or 1)
    goal = Goal(f"at most {MOST_TIMES} times the bare page", ratio <= MOST_TIMES)
    return Measure("deciding a task over HTTP, one client", seen, bare, ratio=ratio, goal=goal)


def _next_task(seen: Figures, bare: Figures) -> Measure:
    goal = Goal(f"p95 at most {NEXT_WITHIN_MS:.0f} ms", (seen.p95_ms or 0) <= NEXT_WITHIN_MS)
    name = "from pressing the decision to the next open task, one client"
    return Measure(name, seen, bare, ratio=(seen.p50_ms or 0) / (bare.p50_ms or 1), goal=goal)


def _bare_presses(port: int, times: int) -> Figures:
    connection, taken = KeptConnection(port), []
    for _ in range(times):
        body, begun = bare_body(), time.perf_counter()
        connection.post("/decide", body)
        taken.append(time.perf_counter() - begun)
        time.sleep(REST)
    return of_times(taken[WARM_UP:])


def statements_of_one(cases: Cases, task: OpenTask) -> int:
    """How many SQL statements one decision takes, counted in the same app inside this process."""
    use_secret(SECRET)
    make_account(cases.database.app_engine, "counted@state.example.org", role=Role.REV, team=Team.ENROLLMENT)
    app = create_app(cases.stack.place.settings)
    client = app.test_client()
    sign_in(client, "counted@state.example.org")
    with app.app_context():
        engine = db.engine
    tokens = dict(TOKEN.findall(client.get("/tasks").get_data(as_text=True)))
    values = tokens | {"version": "1", "outcome": Outcome.RECOMMENDED} | dict.fromkeys(task.fields, "")
    with statements_of(engine) as sent:
        answer = client.post(f"/tasks/{task.id}/decide", data=values)
    engine.dispose()
    if answer.status_code != SEE_OTHER:
        raise RuntimeError(f"the decision was answered with {answer.status_code}")
    return sent.count


def hire(cases: Cases, clients: int) -> list[Reviewer]:
    """So many signed-in reviewers."""
    engine, port = cases.database.app_engine, cases.stack.web_port
    return [Reviewer(engine, port, f"reviewer-{number}") for number in range(clients)]


def measure_many_clients(
    reviewers: Sequence[Reviewer], tasks: Sequence[OpenTask], bare: Figures, *, while_what: str
) -> Measure:
    """Every reviewer decides as fast as answers come, until all tasks are decided."""

    def work_of(number: int) -> list[Callable[[], None]]:
        reviewer, own = reviewers[number], tasks[number :: len(reviewers)]
        return [partial(reviewer.decide, task, reviewer.body(task)) for task in own]

    seen = of_rate(len(tasks), _together([work_of(number) for number in range(len(reviewers))]))
    share = (seen.per_second or 0) / (bare.per_second or 1)
    goal = Goal(f"at least {LEAST_SHARE} of the bare page's rate", share >= LEAST_SHARE)
    return Measure(f"decisions accepted, {len(reviewers)} clients, {while_what}", seen, bare, ratio=share, goal=goal)


def bare_rate(port: int, clients: int, presses: int) -> Figures:
    """What the bare page accepts from as many clients."""

    def work() -> list[Callable[[], None]]:
        connection = KeptConnection(port)
        return [partial(connection.post, "/decide", bare_body()) for _ in range(presses // clients)]

    works = [work() for _ in range(clients)]
    return of_rate(sum(map(len, works)), _together(works))


def _together(works: Sequence[Sequence[Callable[[], None]]]) -> float:
    """Do each list of acts in a thread of its own; the seconds until all are done. Raises what one raised."""
    failed: list[Exception] = []

    def run(work: Sequence[Callable[[], None]]) -> None:
        try:
            for act in work:
                act()
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that asked
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return time.perf_counter() - begun
