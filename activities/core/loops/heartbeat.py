"""The worker's sign of life: that it runs, and whether it reaches Temporal."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import Engine

from activities.core.loops.loop import Loop
from models.postgres.database import transaction
from models.store.operations.census import beat

BEAT_EVERY = 2.0


def heartbeat(engine: Engine, *, temporal_problem: Callable[[], str | None]) -> Loop:
    """The loop that leaves the sign; `temporal_problem` says in a few words what is wrong, None when nothing is."""
    worker_id = f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"

    def leave_sign() -> bool:
        problem = temporal_problem()
        with transaction(engine) as session:
            beat(session, worker_id=worker_id, temporal_problem=problem)
        return False

    return Loop("heartbeat", leave_sign, every=BEAT_EVERY)
