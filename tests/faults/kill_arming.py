"""Which point of the worker is armed: of each activity and each loop one at a time, the next when that has fired."""

from __future__ import annotations

import random
import threading

from sqlalchemy import Engine, text

from tests.faults.kill_nursery import ended_workers
from tests.faults.kill_switch import Fault, Switch

LOOK_EVERY = 0.1
LEASE_OVER = "UPDATE messages SET next_attempt_at = next_attempt_at - interval '1 minute' WHERE status = 'sending'"
"""A minute passes: what a dead sender had taken may be taken again."""


class Arming:
    """Arms the worker's points, chain by chain, until all have fired or it is told to stop."""

    def __init__(self, switch: Switch, chains: list[list[Fault]], seed: int) -> None:
        self._switch = switch
        self._chains = [list(chain) for chain in chains]
        random.Random(seed).shuffle(self._chains)
        self._current: dict[int, Fault] = {}
        self._mourned = 0
        self._over = threading.Event()

    def start(self, engine: Engine) -> None:
        threading.Thread(target=self._arm_in_turn, args=(engine,), daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def _arm_in_turn(self, engine: Engine) -> None:
        while not self._over.wait(LOOK_EVERY):
            armed = set(self._switch.armed())
            for number, chain in enumerate(self._chains):
                if chain and (number not in self._current or self._current[number].name not in armed):
                    self._current[number] = chain.pop(0)
                    self._switch.arm(self._current[number])
            self._let_leases_end(engine)

    def done(self) -> bool:
        """Whether every point has fired."""
        names = {fault.name for fault in self._current.values()}
        return not any(self._chains) and not names & set(self._switch.armed())

    def _let_leases_end(self, engine: Engine) -> None:
        """After each death of a worker a minute passes for its mails."""
        dead = len(ended_workers(self._switch.home))
        if dead > self._mourned:
            self._mourned = dead
            with engine.begin() as connection:
                connection.execute(text(LEASE_OVER))
