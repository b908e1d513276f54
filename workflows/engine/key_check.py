"""Whether this worker can read what Temporal stores, asked before it takes any work."""

from __future__ import annotations

from temporalio.api.common.v1 import Payload
from temporalio.client import Client

from workflows.engine.census import RUNNING
from workflows.engine.codec import ENCODING, PayloadRefused

LOOKED_AT = 20
"""How many running processes are asked; an unreadable one that is missed fails by itself and shows as unheard."""


async def check_keys(client: Client) -> None:
    """Raises `PayloadRefused` when a running process was started with a payload that this worker cannot open."""
    async for run in client.list_workflows(RUNNING, page_size=LOOKED_AT, limit=LOOKED_AT):
        history = client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history_events(page_size=1)
        async for event in history:
            await _check(client, list(event.workflow_execution_started_event_attributes.input.payloads))
            break


async def _check(client: Client, payloads: list[Payload]) -> None:
    codec = client.data_converter.payload_codec
    if codec is not None:
        await codec.decode(payloads)
    elif any(payload.metadata.get("encoding") == ENCODING for payload in payloads):
        raise PayloadRefused("payloads in Temporal are sealed, and CVMS_PAYLOAD_KEYS names no key")
