"""The census: what it writes down, for whom, and that a count which fails leaves nothing half done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from models.domain.enrollment.kinds import ProcessKind
from models.postgres.database import transaction
from models.queries.core.processes import census_completed_at, lost_processes
from models.store.operations.census import request_census
from tests.engine.test_relay import begin, row
from workflows.engine.census import Census

PROVIDER_ENROLLMENT = ProcessKind.PROVIDER_ENROLLMENT


def asked_for(database) -> int:
    with transaction(database.app_engine) as session:
        return request_census(session)


def completed(database, census_id: int) -> bool:
    with transaction(database.app_engine) as session:
        return census_completed_at(session, census_id) is not None


def test_it_marks_what_runs_and_answers_whoever_asked(database):
    process_id = begin(database)
    entity_id = row(database, process_id).entity_id
    census_id = asked_for(database)
    Census(database.worker_engine, lambda: [(PROVIDER_ENROLLMENT, entity_id, 1)]).take()
    assert completed(database, census_id)
    assert row(database, process_id).running_seen_at is not None
    with transaction(database.app_engine) as session:
        assert lost_processes(session, census_id) == []


def test_another_life_is_not_the_one_that_runs(database):
    process_id = begin(database)
    Census(database.worker_engine, lambda: [(PROVIDER_ENROLLMENT, row(database, process_id).entity_id, 7)]).take()
    assert row(database, process_id).running_seen_at is None


def test_a_count_that_fails_is_asked_for_still(database):
    census_id = asked_for(database)

    def away():
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Census(database.worker_engine, away).take()
    assert not completed(database, census_id)
    Census(database.worker_engine, list).take()
    assert completed(database, census_id)


def test_two_workers_never_count_at_once(database):
    counting, go_on = Event(), Event()

    def slow():
        counting.set()
        assert go_on.wait(10)
        return []

    def never():
        raise AssertionError("counted beside another count")

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(Census(database.worker_engine, slow).take)
        assert counting.wait(10)
        Census(database.worker_engine, never).take()
        go_on.set()
        first.result()
