"""The door to Temporal: one connection, configured by Temporal's own environment variables."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from models.running.settings import UnsafeSettings

log = structlog.get_logger(__name__)

CALL_LIMIT = timedelta(seconds=2)
"""How long one call may take; a frozen server would hold it for 30 seconds."""
CONNECT_LIMIT = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0


def insist_on_encrypted_connection() -> None:
    """Raise `UnsafeSettings` when Temporal's environment configuration asks for a plain connection."""
    if not ClientConfig.load_client_connect_config().get("tls"):
        raise UnsafeSettings("the connection to Temporal must be encrypted: set TEMPORAL_TLS=true and its certificates")


async def connect(data_converter: DataConverter) -> Client:
    """One try to connect to the Temporal that the environment names."""
    config = ClientConfig.load_client_connect_config()
    opening = Client.connect(**config, data_converter=data_converter)
    return await asyncio.wait_for(opening, CONNECT_LIMIT)


async def connect_when_up(data_converter: DataConverter) -> Client:
    """Try to connect until it works, with growing pauses."""
    pause, tries = FIRST_PAUSE, 0
    while True:
        try:
            return await connect(data_converter)
        except (RuntimeError, RPCError, TimeoutError) as error:
            tries += 1
            if tries in (1, 10, 100):
                log.warning("Temporal is not reached", tries=tries, error=type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def problem_of(client: Client) -> str | None:
    """What is wrong with the connection right now, in a word; None when Temporal answers."""
    try:
        await asyncio.wait_for(client.service_client.check_health(timeout=CALL_LIMIT), CALL_LIMIT.total_seconds() + 0.5)
    except (RPCError, TimeoutError) as error:
        return error.status.name if isinstance(error, RPCError) else "TIMEOUT"
    return None
