"""Telling, hearing, closing and rebuilding processes."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.domain.core.processes import ProcessEventKind, ProcessRef
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import EventKind, ProcessKind
from models.postgres.database import transaction
from models.queries.core.processes import events_after, lost_processes, read_delivery, undelivered, unheard_seconds
from models.store.core.act import Act
from models.store.core.processes import (
    SupersededError,
    close_process,
    mark_delivered,
    mark_processed,
    publish,
    start_process,
)
from models.store.operations.census import begin_censuses, complete_censuses, request_census
from models.store.operations.rebuild import rebuild_processes
from models.tables.core.processes import Process
from tests.bench.statements import statements_of
from tests.database import Database


def begun(session: Session) -> Process:
    process_id = start_process(
        Act(session, SYSTEM, str(uuid4())), kind=ProcessKind.PROVIDER_ENROLLMENT, entity_id=uuid4(), org_id=None
    )
    return session.get_one(Process, process_id)


def ref_of(process: Process) -> ProcessRef:
    return ProcessRef(str(process.id), ProcessKind(process.kind), str(process.entity_id), process.generation)


def test_starting_tells_the_first_news(session: Session) -> None:
    process = begun(session)
    assert [news.number for news in events_after(session, process.id, 0)] == [1]
    assert undelivered(session) == [process.id]


def test_the_same_cause_told_twice_is_one_piece_of_news(session: Session) -> None:
    process = begun(session)
    numbers = {
        publish(Act(session, SYSTEM, "k"), process_id=process.id, news=EventKind.SECTIONS_CHANGED) for _ in range(2)
    }
    assert numbers == {2}
    assert process.published == 2


def test_a_finished_process_cannot_be_told_anything(session: Session) -> None:
    process = begun(session)
    assert close_process(Act(session, SYSTEM, "end"), ref=ref_of(process), processed=1) == []
    with pytest.raises(RuleViolation) as refused:
        publish(Act(session, SYSTEM, "late"), process_id=process.id, news=EventKind.SECTIONS_CHANGED)
    assert refused.value.code == "process_finished"


def test_closing_hands_back_what_was_told_at_the_last_moment(session: Session) -> None:
    process = begun(session)
    publish(Act(session, SYSTEM, "late"), process_id=process.id, news=EventKind.SECTIONS_CHANGED)
    assert [news.number for news in close_process(Act(session, SYSTEM, "end"), ref=ref_of(process), processed=1)] == [2]
    assert process.open
    assert close_process(Act(session, SYSTEM, "end"), ref=ref_of(process), processed=2) == []
    assert not process.open


def test_hearing_less_than_before_changes_nothing(session: Session) -> None:
    process = begun(session)
    mark_processed(session, ref=ref_of(process), number=1)
    mark_processed(session, ref=ref_of(process), number=0)
    assert process.processed == 1


def test_an_older_life_is_refused(session: Session) -> None:
    process = begun(session)
    older = ref_of(process)
    rebuild_processes(Act(session, SYSTEM), process_ids=[process.id])
    with pytest.raises(SupersededError):
        mark_processed(session, ref=older, number=1)


def test_a_rebuilt_process_is_rung_from_what_it_heard(session: Session) -> None:
    process = begun(session)
    mark_processed(session, ref=ref_of(process), number=1)
    mark_delivered(session, process_id=process.id, generation=1, number=1)
    rebuild_processes(Act(session, SYSTEM), process_ids=[process.id])
    ring = read_delivery(session, process.id)
    assert ring is not None
    assert (ring.processed, [news.kind for news in ring.news], ring.ref.generation) == (
        1,
        [ProcessEventKind.REBUILT],
        2,
    )


def test_many_are_rebuilt_with_few_statements_and_an_ended_one_stays_as_it_is(
    database: Database, session: Session
) -> None:
    found = [begun(session) for _ in range(30)]
    assert close_process(Act(session, SYSTEM, "end"), ref=ref_of(found[0]), processed=1) == []
    session.flush()
    with statements_of(database.app_engine) as seen:
        assert rebuild_processes(Act(session, SYSTEM), process_ids=[process.id for process in found]) == 29
    assert [process.generation for process in found] == [1] + [2] * 29
    assert [process.published for process in found] == [1] + [2] * 29
    assert seen.count <= 8


def test_rebuilding_twice_finds_nothing_the_second_time(database: Database, session: Session) -> None:
    process = begun(session)
    mark_processed(session, ref=ref_of(process), number=1)
    mark_delivered(session, process_id=process.id, generation=1, number=1)
    session.commit()
    census = counted(database, session, [])
    assert lost_processes(session, census) == [process.id]
    rebuild_processes(Act(session, SYSTEM), process_ids=[process.id])
    session.commit()
    assert lost_processes(session, counted(database, session, [])) == []


def test_a_process_that_the_census_saw_is_not_lost(database: Database, session: Session) -> None:
    process = begun(session)
    mark_processed(session, ref=ref_of(process), number=1)
    mark_delivered(session, process_id=process.id, generation=1, number=1)
    session.commit()
    assert lost_processes(session, counted(database, session, [(process.kind, process.entity_id, 1)])) == []


def test_unheard_news_ages(session: Session) -> None:
    begun(session)
    session.commit()
    assert 0 <= unheard_seconds(session) < 60


def counted(database: Database, session: Session, lives: list[tuple[str, UUID, int]]) -> int:
    census = request_census(session)
    session.commit()
    with transaction(database.worker_engine) as worker:
        assert begin_censuses(worker) == [census]
    with transaction(database.worker_engine) as worker:
        complete_censuses(worker, census_ids=[census], lives=lives)
    return census


def test_times_are_in_utc(session: Session) -> None:
    process = begun(session)
    session.refresh(process)
    assert process.created_at.tzinfo is not None
    assert abs((datetime.now(UTC) - process.created_at).total_seconds()) < 60
