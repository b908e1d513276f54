"""The relay: rings the doorbell of every process that was told something, and notes how far it rang."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.queries.core.processes import (
    DEAF_AFTER,
    Delivery,
    count_unheard,
    deaf_processes,
    read_delivery,
    undelivered,
)
from models.store.core.act import Act
from models.store.core.processes import mark_delivered, redeliver_unprocessed
from models.store.operations.rebuild import rebuild_processes
from workflows.engine.signals import TemporalDown

log = structlog.get_logger(__name__)

POLL_EVERY = 1.0
AT_ONCE = 4
"""More would only start processes faster than they take their first step, which then costs Temporal one more turn."""
BATCH = 200
UNHEARD_LIMIT = 60
LOOK_FOR_UNHEARD_EVERY = 10.0
AT_MOST_REPLACED = 50
"""Deaf processes that get another life in one look; the next look comes soon."""
DEAF_LOCK = 7_310_003
REST_OF_ONE = 10.0
LONGEST_REST = 5.0
"""How long the relay rests at most between two tries while Temporal is down, in seconds."""

Deliver = Callable[[Delivery], None]
"""Starts-and-signals one process with its news within some 2 seconds; raises when it may not have arrived."""


class Rang(StrEnum):
    """How ringing one process went."""

    DELIVERED = "delivered"
    NOTHING = "nothing"
    FAILED = "failed"
    DOWN = "down"


class Relay:
    """Rounds over all open processes with `rung < told`.

    Each process is rung under an advisory lock, so two relays never stand at one door, and a killed relay
    leaves nothing locked. A process that cannot be rung rests by itself and never holds up the others.
    """

    def __init__(self, engine: Engine, deliver: Deliver) -> None:
        self._engine, self._deliver = engine, deliver
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="relay")
        self._rests_until: dict[UUID, float] = {}
        self._looked_for_unheard_at = 0.0
        self._unheard = 0
        self._down = False
        self._began = time.monotonic()

    def round(self) -> bool:
        """Ring what waits; True when something was rung, so more may wait. Raises `TemporalDown` while it is."""
        self._redeliver_unprocessed()
        # While Temporal is down one process is enough to find out that it is back.
        waiting = self._waiting()[: 1 if self._down else BATCH]
        results = list(self._pool.map(self._try, waiting))
        if results:
            self._down = Rang.DOWN in results and Rang.DELIVERED not in results
        if self._down:
            raise TemporalDown
        return Rang.DELIVERED in results

    def ring(self, process_id: UUID) -> Rang:
        """Ring one process, unless nothing waits or another relay is at its door."""
        with transaction(self._engine) as session:
            if not _lock_door(session, process_id):
                return Rang.NOTHING
            ring = read_delivery(session, process_id)
            if ring is None:
                return Rang.NOTHING
            self._deliver(ring)
            mark_delivered(session, process_id=process_id, generation=ring.ref.generation, number=ring.news[-1].number)
            return Rang.DELIVERED

    def close(self) -> None:
        """Begin nothing new."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _try(self, process_id: UUID) -> Rang:
        try:
            return self.ring(process_id)
        except TemporalDown:
            return Rang.DOWN
        except SQLAlchemyError:
            raise
        except Exception:
            # What is wrong with one process must not stop the others.
            log.exception("process cannot be rung", process=str(process_id))
            self._rests_until[process_id] = time.monotonic() + REST_OF_ONE
            return Rang.FAILED

    def _waiting(self) -> list[UUID]:
        now = time.monotonic()
        self._rests_until = {known: until for known, until in self._rests_until.items() if until > now}
        with transaction(self._engine) as session:
            found = undelivered(session, limit=BATCH + len(self._rests_until))
        return [process_id for process_id in found if process_id not in self._rests_until]

    def _redeliver_unprocessed(self) -> None:
        """Ring again what is unheard for long; not while ever fewer are, since then they wait their turn."""
        if time.monotonic() - self._looked_for_unheard_at < LOOK_FOR_UNHEARD_EVERY:
            return
        with transaction(self._engine) as session:
            before, self._unheard = self._unheard, count_unheard(session)
            stuck = self._unheard >= before
            again = redeliver_unprocessed(session, older_than_seconds=UNHEARD_LIMIT) if stuck else ()
        self._looked_for_unheard_at = time.monotonic()
        if again:
            log.warning("told but unheard, ringing again", processes=len(again))
        if stuck and time.monotonic() - self._began > DEAF_AFTER.total_seconds():
            self._replace_deaf()

    def _replace_deaf(self) -> None:
        """Give another life to what has been deaf for minutes of this relay's own, so ringing again did not help."""
        with transaction(self._engine) as session:
            # Two workers that look at the same time would each begin another life.
            if not session.execute(select(func.pg_try_advisory_xact_lock(DEAF_LOCK))).scalar_one():
                return
            deaf = deaf_processes(session)[:AT_MOST_REPLACED]
            rebuild_processes(Act(session, SYSTEM), process_ids=deaf)
        if deaf:
            log.error("deaf processes start again from the facts", processes=len(deaf))


def _lock_door(session: Session, process_id: UUID) -> bool:
    """A lock of this process's door alone, for the length of the transaction; False when another has it."""
    key = func.hashtextextended("ring/" + str(process_id), 0)
    return bool(session.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one())
