"""Whether people can be served: the database answers and has the tables that this code knows.

Temporal and the worker are told of and do not count: the web app keeps working without them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, ProgrammingError

from models.queries.operations.health import Health, read_health
from webapp.core.errors import DATABASE_FAILURES
from webapp.extensions import db

WORKER_SILENT_AFTER = 15
TEMPORAL_SILENT_AFTER = 15
"""In seconds. The worker gives a sign of life every 2, and needs 5 at most to see that Temporal does not answer."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found; `health` is None when the database could not say."""

    database: str
    migrations: str
    health: Health | None = None

    @property
    def ready(self) -> bool:
        return self.database == "up" and self.migrations == "newest"

    def as_json(self) -> dict[str, object]:
        """One entry for each dependency; ages in seconds, null where nobody can say."""
        found = self.health
        return {
            "ready": self.ready,
            "database": self.database,
            "migrations": self.migrations,
            "oldest_unprocessed_event_seconds": _rounded(found.oldest_unprocessed_event_seconds if found else None),
            "worker_heartbeat": _sign_of_life(found.worker_seen_seconds_ago if found else None, WORKER_SILENT_AFTER),
            "temporal": _temporal(found),
        }


def read_readiness() -> Readiness:
    """Ask the database; never raises for a database that is down or has no tables."""
    try:
        health = read_health(db.session())
    except ProgrammingError:
        return Readiness("up", "missing")
    except DATABASE_FAILURES:
        return Readiness("down", "unknown")
    except DBAPIError as error:
        return Readiness("down" if error.connection_invalidated else "failing", "unknown")
    finally:
        _let_go()
    return Readiness("up", "newest" if health.migrated else "behind", health)


def _let_go() -> None:
    """Give the connection back at once; a broken one may refuse even that."""
    try:
        db.session.remove()
    except DBAPIError:
        db.session.registry.clear()


def _temporal(found: Health | None) -> dict[str, object]:
    """Temporal as the worker sees it; a worker that says it does not answer is believed at once."""
    entry = _sign_of_life(found.temporal_reached_seconds_ago if found else None, TEMPORAL_SILENT_AFTER)
    problem = found.temporal_problem if found else None
    return {**entry, "status": "down" if problem else entry["status"], "problem": problem}


def _sign_of_life(seconds_ago: float | None, silent_after: int) -> dict[str, object]:
    if seconds_ago is None:
        return {"status": "unknown", "seconds_ago": None}
    return {"status": "up" if seconds_ago <= silent_after else "silent", "seconds_ago": _rounded(seconds_ago)}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
