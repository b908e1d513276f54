"""A process on the dev server with sealed payloads, and a worker that meets payloads it cannot open (S31, P4)."""

from __future__ import annotations

import asyncio
import os
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.client import Client

from models.crypto.payload_keys import PayloadKey
from tests.temporal import fresh_queue
from workflows.engine.codec import PayloadRefused
from workflows.engine.converter import converter
from workflows.engine.key_check import check_keys
from workflows.engine.worker import make_worker

OLD, NEW = PayloadKey("old", os.urandom(32)), PayloadKey("new", os.urandom(32))


@workflow.defn(sandboxed=False)
class Echo:
    """Says what it was told, once it is rung."""

    def __init__(self) -> None:
        self.told = ""

    @workflow.signal
    def ring(self, told: str) -> None:
        self.told = told

    @workflow.run
    async def run(self, start: str) -> str:
        await workflow.wait_condition(lambda: bool(self.told))
        return f"{start} {self.told}"


def connected(time_skipping, *keys):
    address = time_skipping.client.service_client.config.target_host
    return time_skipping.do(Client.connect(address, data_converter=converter(keys)))


def started(time_skipping, client):
    queue = fresh_queue()
    handle = time_skipping.do(client.start_workflow(Echo.run, "Zzcanary", id=f"echo/{uuid4().hex}", task_queue=queue))
    return handle, queue


async def _worked(client, queue, handle):
    async with make_worker(client, workflows=[Echo], activities=[], task_queue=queue):
        return await handle.result()


def test_a_process_lives_over_a_rotation_and_its_history_shows_nothing(time_skipping):
    before, after = connected(time_skipping, OLD), connected(time_skipping, NEW, OLD)
    handle, queue = started(time_skipping, before)
    time_skipping.do(check_keys(after))
    time_skipping.do(after.get_workflow_handle(handle.id).signal(Echo.ring, "Zzcanary again"))
    result = time_skipping.do(_worked(after, queue, after.get_workflow_handle_for(Echo.run, handle.id)))
    assert result == "Zzcanary Zzcanary again"
    history = time_skipping.do(handle.fetch_history())
    assert "Zzcanary" not in history.to_json()
    assert b"Zzcanary" not in b"".join(event.SerializeToString() for event in history.events)


@pytest.mark.parametrize(
    ("had", "has", "said"),
    [
        ([OLD], [NEW], "lacks the key 'old'"),
        ([OLD], [PayloadKey("old", os.urandom(32))], "does not fit"),
        ([OLD], [], "names no key"),
        ([], [NEW], "not sealed"),
    ],
    ids=["missing", "another secret", "none", "plain before"],
)
def test_a_worker_that_cannot_read_what_is_there_does_not_start(time_skipping, had, has, said):
    handle, _ = started(time_skipping, connected(time_skipping, *had))
    eventually_listed(time_skipping, handle.id)
    with pytest.raises(PayloadRefused, match=said):
        time_skipping.do(check_keys(connected(time_skipping, *has)))


def eventually_listed(time_skipping, workflow_id):
    async def listed():
        for _ in range(100):
            found = time_skipping.client.list_workflows(f'WorkflowId = "{workflow_id}" AND ExecutionStatus = "Running"')
            if [run async for run in found]:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("never listed")

    time_skipping.do(listed())
