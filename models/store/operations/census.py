"""The census: asking for a count of running processes, and writing down its result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, column, delete, func, literal, select, update
from sqlalchemy.orm import Session

from models.store.core.clock import db_now
from models.tables.core.processes import Census, Process, WorkerHeartbeat

CENSUS_CHANNEL = "cvms_census"

Run = tuple[str, UUID, int]
"""A kind of process, its entity, and the generation that runs."""


def request_census(session: Session) -> int:
    """Ask the worker to count the running processes now; returns the number of the census."""
    census = Census()
    session.add(census)
    session.flush()
    session.execute(select(func.pg_notify(CENSUS_CHANNEL, str(census.id))))
    return census.id


def begin_censuses(session: Session) -> list[int]:
    """Take on every census that was asked for; its count counts what runs after this transaction began."""
    statement = update(Census).where(Census.started_at.is_(None)).values(started_at=func.db_now()).returning(Census.id)
    return list(session.execute(statement).scalars())


def complete_censuses(session: Session, *, census_ids: Sequence[int], lives: Sequence[Run]) -> None:
    """Write down which lives (kind of process, entity id, generation) run, for the censuses that this count answers."""
    now = db_now(session)
    _mark_running(session, lives, now)
    session.execute(update(Census).where(Census.id.in_(census_ids)).values(completed_at=now, running=len(lives)))
    session.execute(delete(Census).where(Census.completed_at < now - timedelta(days=1)))


def beat(session: Session, *, worker_id: str, temporal_problem: str | None) -> None:
    """Leave a worker's sign of life; `temporal_problem` is None when it reaches Temporal."""
    now = db_now(session)
    row = session.get(WorkerHeartbeat, worker_id) or WorkerHeartbeat(worker_id=worker_id)
    row.seen_at = now
    row.temporal_problem = temporal_problem
    if temporal_problem is None:
        row.temporal_reached_at = now
    session.add(row)
    session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.seen_at < now - timedelta(hours=1)))


def _mark_running(session: Session, lives: Sequence[Run], seen_at: datetime) -> None:
    """One statement with three lists in it, however many run."""
    kinds = literal([kind for kind, _, _ in lives], ARRAY(Text()))
    entities = literal([entity_id for _, entity_id, _ in lives], ARRAY(Uuid()))
    generations = literal([generation for _, _, generation in lives], ARRAY(Integer()))
    columns = (column("kind", Text()), column("entity_id", Uuid()), column("generation", Integer()))
    seen = func.unnest(kinds, entities, generations).table_valued(*columns, name="seen").render_derived()
    session.execute(
        update(Process)
        .where(Process.kind == seen.c.kind, Process.entity_id == seen.c.entity_id)
        .where(Process.generation == seen.c.generation)
        .values(running_seen_at=seen_at)
        .execution_options(synchronize_session=False)
    )
