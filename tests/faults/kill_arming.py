"""The worker's points, armed all together: with each life the worker comes as far as the next of them."""

from __future__ import annotations

import random
import threading

from sqlalchemy import Engine, text

from models.postgres.database import transaction
from tests.faults.kill_inheritance import ended_workers
from tests.faults.kill_people import leave_something_old
from tests.faults.kill_switch import Fault, Switch

LOOK_EVERY = 0.1
LEASE_OVER = "UPDATE messages SET next_attempt_at = next_attempt_at - interval '1 minute' WHERE status = 'sending'"
"""A minute passes: what a dead sender had taken may be taken again."""


class Arming:
    """Arms each point of the worker; one that is wanted at several passings again when it has fired."""

    def __init__(self, switch: Switch, faults: list[Fault], seed: int) -> None:
        self._switch, self._waiting = switch, list(faults)
        random.Random(seed).shuffle(self._waiting)
        self._waiting.sort(key=lambda fault: fault.n)
        self._mourned = 0
        self._over = threading.Event()

    def start(self, engine: Engine) -> None:
        self._arm_what_is_next()
        threading.Thread(target=self._arm_in_turn, args=(engine,), daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def done(self) -> bool:
        """Whether every point has fired."""
        return not self._waiting and not self._switch.armed()

    def _arm_in_turn(self, engine: Engine) -> None:
        while not self._over.wait(LOOK_EVERY):
            self._arm_what_is_next()
            self._let_time_pass(engine)

    def _arm_what_is_next(self) -> None:
        armed = set(self._switch.armed())
        for fault in list(self._waiting):
            if fault.name not in armed:
                self._waiting.remove(fault)
                self._switch.arm(fault)
                armed.add(fault.name)

    def _let_time_pass(self, engine: Engine) -> None:
        """After each death of a worker a minute passes for its mails, and something is old enough to be swept away."""
        dead = len(ended_workers(self._switch.home))
        if dead > self._mourned:
            self._mourned = dead
            with transaction(engine) as session:
                session.execute(text(LEASE_OVER))
                leave_something_old(session)
