"""The relay: what it delivers, what it notes, and what it does when Temporal is down or another relay is at work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from models.domain.core.actors import SYSTEM
from models.domain.enrollment.kinds import EventKind, ProcessKind
from models.postgres.database import transaction
from models.postgres.listening import Listener
from models.queries.core.processes import Delivery
from models.store.core.act import Act
from models.store.core.processes import PROCESS_EVENT_CHANNEL, close_process, mark_processed, publish, start_process
from models.tables.core.processes import Process
from tests.database import Database
from tests.temporal import eventually
from workflows.engine.relay import Rang, Relay
from workflows.engine.signals import TemporalDown


class Bells:
    """A doorbell that remembers; `fail` may refuse a ring."""

    def __init__(self) -> None:
        self.rings: list[Delivery] = []
        self.fail: Callable[[Delivery], None] = lambda _ring: None

    def __call__(self, ring: Delivery) -> None:
        self.fail(ring)
        self.rings.append(ring)

    def numbers(self, process_id: UUID) -> list[list[int]]:
        return [[piece.number for piece in ring.news] for ring in self.rings if ring.process_id == process_id]


@pytest.fixture
def bells() -> Bells:
    return Bells()


@pytest.fixture
def relay(database: Database, bells: Bells):
    made = Relay(database.worker_engine, bells)
    yield made
    made.close()


def begin(database: Database) -> UUID:
    with transaction(database.app_engine) as session:
        return start_process(
            Act(session, SYSTEM, uuid4().hex), kind=ProcessKind.PROVIDER_ENROLLMENT, entity_id=uuid4(), org_id=None
        )


def published(database: Database, process_id: UUID, times: int = 1) -> None:
    for _ in range(times):
        with transaction(database.app_engine) as session:
            publish(Act(session, SYSTEM, uuid4().hex), process_id=process_id, news=EventKind.SECTIONS_CHANGED)


def row(database: Database, process_id: UUID) -> Process:
    with transaction(database.app_engine) as session:
        return session.get_one(Process, process_id)


def test_it_rings_once_with_all_that_was_told_and_notes_it(database, relay, bells):
    process_id = begin(database)
    published(database, process_id, 2)
    assert relay.round()
    assert not relay.round()
    assert bells.numbers(process_id) == [[1, 2, 3]]
    assert row(database, process_id).delivered == 3


def test_it_rings_only_what_is_new(database, relay, bells):
    process_id = begin(database)
    relay.round()
    published(database, process_id)
    relay.round()
    assert bells.numbers(process_id) == [[1], [2]]


def test_a_closed_process_is_not_rung(database, relay, bells):
    begin(database)
    relay.round()
    ref = bells.rings[0].ref
    with transaction(database.worker_engine) as session:
        assert close_process(Act(session, SYSTEM, "end"), ref=ref, processed=1) == []
    assert not relay.round()


def test_news_that_may_have_arrived_is_rung_again(database, relay, bells):
    """The call was lost on its way back: delivered, and not noted."""
    process_id = begin(database)

    def lost_on_the_way_back(ring: Delivery) -> None:
        bells.rings.append(ring)
        bells.fail = lambda _ring: None
        raise TemporalDown

    bells.fail = lost_on_the_way_back
    with pytest.raises(TemporalDown):
        relay.round()
    assert row(database, process_id).delivered == 0
    relay.round()
    assert bells.numbers(process_id) == [[1], [1]]


def test_while_temporal_is_down_it_knocks_at_one_door_only(database, relay, bells):
    for _ in range(5):
        begin(database)
    tried = []

    def down(ring: Delivery) -> None:
        tried.append(ring.process_id)
        raise TemporalDown

    bells.fail = down
    for _ in range(3):
        with pytest.raises(TemporalDown):
            relay.round()
    assert len(tried) == 5 + 1 + 1
    bells.fail = lambda _ring: None
    assert relay.round()
    assert relay.round()
    assert len(bells.rings) == 5


def test_one_process_that_cannot_be_rung_does_not_hold_up_the_others(database, relay, bells):
    sick, well = begin(database), begin(database)

    def refuse_the_sick(ring: Delivery) -> None:
        if ring.process_id == sick:
            raise ValueError("not ringable")

    bells.fail = refuse_the_sick
    assert relay.round()
    published(database, well)
    assert relay.round()
    assert bells.numbers(well) == [[1], [2]]
    assert bells.numbers(sick) == []


def test_two_relays_never_stand_at_one_door(database, bells):
    process_ids = [begin(database) for _ in range(8)]
    inside: set[UUID] = set()
    twice = []

    def slow(ring: Delivery) -> None:
        if ring.process_id in inside:
            twice.append(ring.process_id)
        inside.add(ring.process_id)
        time.sleep(0.02)
        inside.discard(ring.process_id)

    bells.fail = slow
    relays = [Relay(database.worker_engine, bells) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(one.round) for one in relays]:
            each.result()
    for one in relays:
        one.round()
        one.close()
    assert twice == []
    assert all(row(database, process_id).delivered == 1 for process_id in process_ids)
    assert len(bells.rings) == 8


def test_ringing_holds_nothing_that_a_person_needs(database, relay, bells):
    """While a ring is on its way the process can be told more, at once."""
    process_id = begin(database)
    on_its_way, go_on = threading.Event(), threading.Event()

    def hang(_ring: Delivery) -> None:
        on_its_way.set()
        assert go_on.wait(10)

    bells.fail = hang
    with ThreadPoolExecutor(1) as pool:
        round_ = pool.submit(relay.round)
        assert on_its_way.wait(10)
        started = time.monotonic()
        published(database, process_id)
        assert time.monotonic() - started < 1
        go_on.set()
        assert round_.result()
    relay.round()
    assert bells.numbers(process_id) == [[1], [2]]


def test_what_was_rung_and_is_unheard_for_a_minute_is_rung_again(database, relay, bells):
    process_id = begin(database)
    relay.round()
    with transaction(database.worker_engine) as session:
        session.execute(update(Process).values(delivered_at=Process.delivered_at - timedelta(seconds=61)))
    look_again(relay)
    assert bells.numbers(process_id) == [[1], [1]]


def test_what_is_unheard_is_not_rung_again_while_ever_fewer_are(database, relay, bells):
    """Ten thousand lives that begin at once take minutes, and each that waits its turn is well."""
    waiting, processed = begin(database), begin(database)
    relay.round()
    refs = {ring.process_id: ring.ref for ring in bells.rings}
    with transaction(database.worker_engine) as session:
        session.execute(update(Process).values(delivered_at=Process.delivered_at - timedelta(seconds=61)))
    look_again(relay, unheard=3)
    with transaction(database.worker_engine) as session:
        mark_processed(session, ref=refs[processed], number=1)
    look_again(relay)
    assert bells.numbers(waiting) == [[1]]
    look_again(relay)
    assert bells.numbers(waiting) == [[1], [1]]


def look_again(relay: Relay, unheard: int | None = None) -> None:
    """Let it look for what is unheard now; it saw so many before."""
    relay._looked_for_unheard_at = 0.0
    relay._unheard = relay._unheard if unheard is None else unheard
    relay.round()


def test_what_was_heard_is_left_alone(database, relay, bells):
    process_id = begin(database)
    relay.round()
    with transaction(database.worker_engine) as session:
        mark_processed(session, ref=bells.rings[0].ref, number=1)
        session.execute(update(Process).values(delivered_at=Process.delivered_at - timedelta(seconds=61)))
    relay._looked_for_unheard_at = 0.0
    relay.round()
    assert bells.numbers(process_id) == [[1]]


def test_a_ring_with_nothing_to_say_is_none(database, relay):
    process_id = begin(database)
    assert relay.ring(process_id) is Rang.DELIVERED
    assert relay.ring(process_id) is Rang.NOTHING


def test_being_told_wakes_it(database):
    woken = threading.Event()
    listener = Listener(database.worker_url, {PROCESS_EVENT_CHANNEL: woken.set})
    listener.start()
    assert woken.wait(5)
    woken.clear()
    begin(database)
    assert woken.wait(2)
    listener.stop()
    eventually(lambda: not listener.is_alive(), within=5)
