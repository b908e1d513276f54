"""The doorbell on a real server: start, signal, start again; a frozen and a dead server."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType

from deploy.local.servers.temporal import TemporalServer
from models.domain.core.processes import ProcessEvent, ProcessEventKind, ProcessRef, workflow_id
from models.domain.enrollment.kinds import EventKind, ProcessKind
from models.queries.core.processes import Delivery
from tests.temporal import TimeSkipping
from workflows.engine.census import RunningProcesses, run_of
from workflows.engine.client import problem_of
from workflows.engine.signals import SignalSender, TemporalDown

EVENT_SIGNALED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED


def a_delivery(entity: str | None = None) -> Delivery:
    ref = ProcessRef(str(uuid4()), ProcessKind.PROVIDER_ENROLLMENT, entity or str(uuid4()), 1)
    return Delivery(uuid4(), ref, 0, [ProcessEvent(1, ProcessEventKind.STARTED)])


def status(time_skipping: TimeSkipping, ring: Delivery) -> str:
    handle = time_skipping.client.get_workflow_handle(workflow_id(ring.ref.kind, ring.ref.entity_id, 1))
    return time_skipping.do(handle.describe()).status.name


def test_it_starts_what_does_not_run_signals_what_runs_and_starts_again_what_is_lost(time_skipping):
    bell, ring = SignalSender(time_skipping.client, time_skipping.loop), a_delivery()
    bell(ring)
    bell(ring)
    assert status(time_skipping, ring) == "RUNNING"
    time_skipping.terminate_all()
    assert status(time_skipping, ring) == "TERMINATED"
    bell(ring)
    assert status(time_skipping, ring) == "RUNNING"


def test_the_census_sees_what_runs(time_skipping):
    ring = a_delivery()
    SignalSender(time_skipping.client, time_skipping.loop)(ring)
    count = RunningProcesses(time_skipping.client, time_skipping.loop)
    until = time.monotonic() + 5
    while run_of(workflow_id(ring.ref.kind, ring.ref.entity_id, 1)) not in count():
        assert time.monotonic() < until


def test_a_life_begins_with_its_news_and_a_running_one_is_signalled(time_skipping):
    bell, ring = SignalSender(time_skipping.client, time_skipping.loop), a_delivery()
    handle = time_skipping.client.get_workflow_handle(workflow_id(ring.ref.kind, ring.ref.entity_id, 1))
    bell(ring)
    bell(replace(ring, news=[ProcessEvent(2, EventKind.SECTIONS_CHANGED)]))
    bell(ring)  # once more, because nobody noted that it was delivered
    events = time_skipping.history(handle).events
    [start] = [event.workflow_execution_started_event_attributes for event in events if event.event_id == 1]
    signals = [e.workflow_execution_signaled_event_attributes for e in events if e.event_type == EVENT_SIGNALED]
    assert [json.loads(payload.data)["pending"][0]["number"] for payload in start.input.payloads] == [1]
    assert [[piece["number"] for piece in json.loads(s.input.payloads[0].data)] for s in signals] == [[2], [1]]


@pytest.mark.parametrize("other", ["x", "Other/1/2", "ProviderEnrollment/no-uuid/1", "ProviderEnrollment/x", "a/b/c/d"])
def test_the_census_passes_over_what_is_not_ours(other):
    assert run_of(other) is None


def test_a_frozen_and_a_dead_server_are_given_up_after_two_seconds(tmp_path):
    with TemporalServer(tmp_path / "t.db") as server, closing(TimeSkipping(server.address)) as time_skipping:
        bell = SignalSender(time_skipping.client, time_skipping.loop)
        os.kill(server.child.pid, signal.SIGSTOP)
        try:
            started = time.monotonic()
            with pytest.raises(TemporalDown):
                bell(a_delivery())
            assert time.monotonic() - started < 4
            assert time_skipping.do(problem_of(time_skipping.client)) is not None
        finally:
            os.kill(server.child.pid, signal.SIGCONT)
        server.stop()
        with pytest.raises(TemporalDown):
            bell(a_delivery())
