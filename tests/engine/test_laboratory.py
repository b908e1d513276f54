"""The end of a test's processes: one that ends by itself meanwhile is no failure, a server that fails is."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from temporalio.service import RPCError, RPCStatusCode

from tests.temporal import terminate_running


class Server:
    """Lists one run, and answers the wish to end it with an error."""

    def __init__(self, status: RPCStatusCode) -> None:
        self._status = status

    async def list_workflows(self, _query):
        yield SimpleNamespace(id="a", run_id="b")

    def get_workflow_handle(self, _id, *, run_id):
        assert run_id == "b"
        return self

    async def terminate(self):
        raise RPCError("workflow execution already completed", self._status, b"")


def test_a_run_that_ends_while_it_is_being_ended_is_no_failure():
    asyncio.run(terminate_running(Server(RPCStatusCode.NOT_FOUND)))


def test_a_server_that_fails_is_a_failure():
    with pytest.raises(RPCError):
        asyncio.run(terminate_running(Server(RPCStatusCode.UNAVAILABLE)))
