"""Reading the state of the system itself: for the readiness check and the system page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.migrations import head_revision
from models.queries.core.processes import unheard_seconds
from models.tables.core.processes import WorkerHeartbeat


@dataclass(frozen=True, slots=True)
class Health:
    """What the database knows about itself, the worker and Temporal; ages in seconds, None for never."""

    database_revision: str | None
    newest_revision: str
    oldest_unprocessed_event_seconds: float
    worker_seen_seconds_ago: float | None
    temporal_reached_seconds_ago: float | None
    temporal_problem: str | None

    @property
    def migrated(self) -> bool:
        return self.database_revision == self.newest_revision


def read_health(session: Session) -> Health:
    """The state of the system, as far as the database knows it."""
    revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    latest = select(WorkerHeartbeat).order_by(WorkerHeartbeat.seen_at.desc()).limit(1)
    worker = session.execute(latest).scalar_one_or_none()
    now: datetime = session.execute(select(func.db_now())).scalar_one()
    return Health(
        database_revision=revision,
        newest_revision=head_revision(),
        oldest_unprocessed_event_seconds=unheard_seconds(session),
        worker_seen_seconds_ago=_age(worker.seen_at, now) if worker else None,
        temporal_reached_seconds_ago=_age(worker.temporal_reached_at, now) if worker else None,
        temporal_problem=worker.temporal_problem if worker else None,
    )


def _age(moment: datetime | None, now: datetime) -> float | None:
    return (now - moment).total_seconds() if moment else None
