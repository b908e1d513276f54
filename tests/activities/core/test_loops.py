"""The worker's loops: they go on after failures, wake, rest, and stop; the sealer and the sweeper do their work."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from activities.core.loops.audit_sealer import AuditSealer
from activities.core.loops.heartbeat import heartbeat
from activities.core.loops.loop import Loop
from activities.core.loops.session_sweeper import session_sweeper
from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.queries.core.audit import chain_head
from models.queries.operations.health import read_health
from models.store.core.act import Act
from models.store.core.audit import record
from models.tables.core.audit import AuditSeal
from models.tables.core.form_answers import FormAnswer
from tests.temporal import eventually


@pytest.fixture
def started():
    loops = []

    def start(turn, **options) -> Loop:
        loop = Loop("test", turn, **{"every": 0.01, **options})
        loops.append(loop)
        loop.start()
        return loop

    yield start
    for loop in loops:
        loop.stop()
        assert loop.stopped_within(5)


def test_it_goes_on_after_a_failure_and_says_so_at_1_and_10(started):
    turns = []

    def turn() -> bool:
        turns.append(len(turns))
        if len(turns) <= 12:
            raise ConnectionError("away")
        return False

    with capture_logs() as logs:
        started(turn, longest_rest=0.01)
        eventually(lambda: len(turns) > 14)
    assert [line["failures"] for line in logs if line["event"] == "loop fails"] == [1, 10]
    assert [line["failures"] for line in logs if line["event"] == "loop works again"] == [12]


def test_more_to_do_is_done_at_once_and_a_wake_ends_a_rest(started):
    turns = []

    def turn() -> bool:
        turns.append(1)
        return len(turns) < 5

    loop = started(turn, every=60)
    eventually(lambda: len(turns) == 5, within=2)
    loop.wake()
    eventually(lambda: len(turns) == 6, within=2)


def test_it_stops_in_the_middle_of_a_rest(started):
    loop = started(lambda: False, every=60)
    time.sleep(0.05)
    loop.stop()
    assert loop.stopped_within(1)


def test_the_sealer_seals_everything_and_anchors_the_head_once_a_minute(database):
    with transaction(database.app_engine) as session:
        for number in range(3):
            record(Act(session, SYSTEM, f"{number}/{uuid4()}"), action="a", object_type="b", object_id=uuid4())
    sealer = AuditSealer(database.worker_engine)
    with capture_logs() as logs:
        sealer.seal()
        sealer.seal()
    with transaction(database.worker_engine) as session:
        assert session.execute(select(func.count()).select_from(AuditSeal)).scalar_one() == 3
        head = chain_head(session)
    anchors = [line for line in logs if line["event"] == "audit anchor"]
    assert [(line["seq"], line["hash"]) for line in anchors] == [(head.seq, head.hash)]


def test_the_heartbeat_says_what_is_wrong_with_temporal(database, started):
    for problem in ("UNAVAILABLE", None):
        loop = heartbeat(database.worker_engine, temporal_problem=lambda problem=problem: problem)
        loop.start()

        def said(problem=problem):
            with transaction(database.app_engine) as session:
                health = read_health(session)
                return health.worker_seen_seconds_ago is not None and health.temporal_problem == problem

        eventually(said)
        loop.stop()
        assert loop.stopped_within(5)


def test_the_sweeper_forgets_old_answers(database):
    with transaction(database.app_engine) as session:
        for days in (1, 31):
            answer = FormAnswer(
                actor_id=uuid4(), route="r", key=uuid4().hex, request_hash="h", status_code=303, location="/"
            )
            session.add(answer)
            session.flush()
            answer.created_at = session.execute(text("SELECT db_now()")).scalar_one() - timedelta(days=days)
    loop = session_sweeper(database.worker_engine)
    loop.start()

    def left():
        with transaction(database.app_engine) as session:
            return session.execute(select(func.count()).select_from(FormAnswer)).scalar_one() == 1

    eventually(left)
    loop.stop()
    assert loop.stopped_within(5)
