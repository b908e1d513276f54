"""One act of a person or a process: everything that a change needs to know about its cause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from models.domain.core.actors import Actor
from models.store.core.clock import db_now


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, why, when, and in which transaction; the first argument of every function that writes.

    `cause_key` names the cause: the same cause has its effect once. `as_of` is the time of a process, which
    brings its own; a person's act happens at the database's time.
    """

    session: Session
    by: Actor
    cause_key: str = ""
    as_of: datetime | None = None

    @property
    def now(self) -> datetime:
        """The moment of the act, in UTC."""
        return self.as_of or db_now(self.session)

    def because(self, cause_key: str) -> Act:
        """The same act for another cause: one that is built from facts."""
        return replace(self, cause_key=cause_key)

    def part(self, name: object) -> Act:
        """A part of the act with a cause key of its own, so that each of several effects happens once."""
        return replace(self, cause_key=f"{self.cause_key}/{name}")

    def by_actor(self, by: Actor) -> Act:
        """The same act in somebody else's name."""
        return replace(self, by=by)

    def at(self, moment: datetime) -> Act:
        """The same act at another time."""
        return replace(self, as_of=moment)
