"""The worker process: connects, registers every workflow and activity, and runs the relay, the census and the loops."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence

import structlog
from sqlalchemy import Engine
from temporalio.client import Client

import activities
import workflows
from activities.core.loops.audit_sealer import audit_sealer
from activities.core.loops.heartbeat import heartbeat
from activities.core.loops.loop import Loop
from activities.core.loops.mail_sender import mail_sender
from activities.core.loops.session_sweeper import session_sweeper
from activities.core.runtime import use_engine
from models.crypto.sealing import use_secret
from models.postgres.database import make_engine
from models.postgres.listening import Listener
from models.running.metering import start_counting
from models.running.metrics import serve_metrics
from models.running.safety import insist_on_safe_database
from models.running.settings import Settings, UnsafeSettings, insist_on_payload_keys, load_settings
from models.store.core.mail.messages import MESSAGE_CHANNEL
from models.store.core.processes import PROCESS_EVENT_CHANNEL
from models.store.operations.census import CENSUS_CHANNEL
from workflows.engine import census, relay
from workflows.engine.client import connect_when_up, insist_on_encrypted_connection, problem_of
from workflows.engine.codec import PayloadRefused
from workflows.engine.converter import converter
from workflows.engine.discovery import activities_in, workflows_in
from workflows.engine.key_check import check_keys
from workflows.engine.logging import configure
from workflows.engine.signals import SignalSender
from workflows.engine.worker import ACTIVITIES_AT_ONCE, make_worker

log = structlog.get_logger("worker")

STOP_WITHIN = 1.8
"""Whoever stops the stack waits 2.2 seconds before it kills."""
LOOP_CONNECTIONS = 8
REFUSED = 2
"""The exit status when the settings do not allow a start."""


class Link:
    """The worker's connection to Temporal, as far as it has come."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.client: Client | None = None
        self._loop = loop

    def problem(self) -> str | None:
        """What is wrong with it, None when nothing is; asked from a thread."""
        if self.client is None:
            return "not connected"
        return asyncio.run_coroutine_threadsafe(problem_of(self.client), self._loop).result(5)


async def run(settings: Settings) -> int:
    """Run until a signal comes (0), the Temporal worker dies (1) or cannot read what is there (2)."""
    stop = asyncio.Event()
    here = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        here.add_signal_handler(number, stop.set)
    link = Link(here)
    beside = loops_beside(settings, link)
    listener = Listener(settings.worker_database_url, {MESSAGE_CHANNEL: beside[0].wake})
    for part in (*beside, listener):
        part.start()
    work = asyncio.create_task(work_with_temporal(settings, link))
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
    status = status_of(work) if work.done() else 0
    work.cancel()
    listener.stop()
    stop_loops(beside)
    await asyncio.wait({work}, timeout=STOP_WITHIN)
    return status


def status_of(ended: asyncio.Task[None]) -> int:
    """Why the work with Temporal has ended, in the log and as an exit status."""
    error = ended.exception()
    if isinstance(error, PayloadRefused):
        log.critical("refused to start", reason=str(error))
        return REFUSED
    log.error("the Temporal worker died", exc_info=error)
    return 1


def loops_beside(settings: Settings, link: Link) -> list[Loop]:
    """What runs whether Temporal is reached or not; the mail sender comes first."""
    engine = make_engine(settings.worker_database_url, pool_size=LOOP_CONNECTIONS)
    return [
        mail_sender(engine, smtp_url=settings.smtp_url, public_url=settings.public_url, production=settings.production),
        audit_sealer(engine),
        session_sweeper(engine),
        heartbeat(engine, temporal_problem=link.problem),
    ]


async def work_with_temporal(settings: Settings, link: Link) -> None:
    """Connect when Temporal is up, then run processes, the relay and the census; ends only when the worker dies."""
    client = await connect_when_up(converter(settings.payload_keys))
    await check_keys(client)
    link.client = client
    log.info("Temporal is reached")
    engine = make_engine(settings.worker_database_url, pool_size=ACTIVITIES_AT_ONCE)
    use_engine(engine)
    ringing = loops_with_temporal(settings, client)
    listener = Listener(
        settings.worker_database_url, {PROCESS_EVENT_CHANNEL: ringing[0].wake, CENSUS_CHANNEL: ringing[1].wake}
    )
    worker = make_worker(client, workflows=workflows_in(workflows), activities=activities_in(activities))
    for part in (*ringing, listener):
        part.start()
    try:
        await worker.run()
    finally:
        listener.stop()
        stop_loops(ringing, seconds=0.5)


def loops_with_temporal(settings: Settings, client: Client) -> list[Loop]:
    """What needs Temporal: the relay, then the census."""
    here = asyncio.get_running_loop()
    engine: Engine = make_engine(settings.worker_database_url, pool_size=relay.AT_ONCE + 2)
    ringer = relay.Relay(engine, SignalSender(client, here))
    running = census.RunningProcesses(client, here)
    counter = census.Census(engine, running, running.end)
    return [
        Loop("relay", ringer.round, every=relay.POLL_EVERY, longest_rest=relay.LONGEST_REST),
        Loop("census", counter.take, every=census.COUNT_EVERY, longest_rest=census.LONGEST_REST),
    ]


def stop_loops(loops: Sequence[Loop], *, seconds: float = STOP_WITHIN) -> None:
    """Ask all to stop, then wait for them together."""
    for each in loops:
        each.stop()
    until = time.monotonic() + seconds
    for each in loops:
        each.stopped_within(until - time.monotonic())


def main() -> int:
    """Run the worker with the settings of the environment; the exit status is what the supervisor goes by."""
    configure()
    try:
        settings = load_settings(os.environ)
        insist_on_payload_keys(settings)
        if settings.production:
            insist_on_encrypted_connection()
            insist_on_safe_database(make_engine(settings.worker_database_url, pool_size=1))
    except UnsafeSettings as refused:
        log.critical("refused to start", reason=str(refused))
        return REFUSED
    use_secret(settings.secret_key)
    start_counting(settings, os.environ)
    serve_metrics(settings, settings.worker_database_url)
    return asyncio.run(run(settings))


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    sys.stdout.flush()
    # Threads that still wait for a server must not hold up the end; what they do is repeated safely.
    os._exit(status)
