"""Reading durable processes and their news: for the relay, the census, rebuilding and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, bindparam, column, func, literal, or_, select
from sqlalchemy.orm import Session

from models.domain.core.processes import ProcessEvent, ProcessRef, workflow_id
from models.tables.core.processes import Census, Process, ProcessEventRow

DEAF_AFTER = timedelta(minutes=2)
"""A process that has not heard for so long, although it was rung again in between, is replaced."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the relay has to deliver to one process."""

    process_id: UUID
    ref: ProcessRef
    processed: int
    news: list[ProcessEvent]


def undelivered(session: Session, *, limit: int = 100) -> list[UUID]:
    """Open processes with news that the relay has not delivered, oldest first."""
    statement = select(Process.id).where(Process.open, Process.delivered < Process.published)
    return list(session.execute(statement.order_by(Process.updated_at).limit(limit)).scalars())


UNDELIVERED = (
    select(Process.kind, Process.entity_id, Process.generation, Process.processed)
    .add_columns(
        ProcessEventRow.number, ProcessEventRow.kind.label("event_kind"), ProcessEventRow.ids, ProcessEventRow.outcome
    )
    .join(ProcessEventRow, ProcessEventRow.process_id == Process.id)
    .where(Process.id == bindparam("process_id"), Process.open, ProcessEventRow.number > Process.delivered)
    .order_by(ProcessEventRow.number)
    .limit(bindparam("most", type_=Integer))
)
"""Built once: the relay asks it for every ring."""


def read_delivery(session: Session, process_id: UUID, *, limit: int = 100) -> Delivery | None:
    """The undelivered news of a process; None when there is none or the process has ended."""
    rows = session.execute(UNDELIVERED, {"process_id": process_id, "most": limit}).all()
    if not rows:
        return None
    first = rows[0]
    ref = ProcessRef(str(process_id), first.kind, str(first.entity_id), first.generation)
    news = [ProcessEvent(row.number, row.event_kind, dict(row.ids), row.outcome) for row in rows]
    return Delivery(process_id, ref, first.processed, news)


def reference(process: Process) -> ProcessRef:
    """The value that names the current life of a process."""
    return ProcessRef(
        str(process.id),
        process.kind,
        str(process.entity_id),
        process.generation,
    )


def events_after(session: Session, process_id: UUID, number: int, *, limit: int = 100) -> list[ProcessEvent]:
    """News of a process after `number`, oldest first, at most `limit`."""
    statement = (
        select(ProcessEventRow)
        .where(ProcessEventRow.process_id == process_id, ProcessEventRow.number > number)
        .order_by(ProcessEventRow.number)
        .limit(limit)
    )
    return [
        ProcessEvent(row.number, row.kind, dict(row.ids), row.outcome) for row in session.execute(statement).scalars()
    ]


def processed_by(session: Session, process_id: UUID) -> int:
    """The number of the last news that a process took in."""
    return session.execute(select(Process.processed).where(Process.id == process_id)).scalar_one()


PROCESS_OF = select(Process.id).where(Process.kind == bindparam("kind"), Process.entity_id == bindparam("entity_id"))


def process_of(session: Session, *, kind: str, entity_id: UUID) -> UUID:
    """The process of a kind about an entity; another kind of process may be about the same one."""
    return session.execute(PROCESS_OF, {"kind": kind, "entity_id": entity_id}).scalar_one()


def lost_processes(session: Session, census_id: int) -> list[UUID]:
    """Open processes that a completed census did not find, although they were rung before it began."""
    census = session.get_one(Census, census_id)
    statement = (
        select(Process.id)
        .where(Process.open, Process.delivered > 0, Process.delivered >= Process.published)
        .where(Process.generation_at < census.started_at)
        .where(
            or_(
                Process.running_seen_at.is_(None),
                Process.running_seen_at < census.started_at,
            )
        )
        .order_by(Process.created_at)
    )
    return list(session.execute(statement).scalars())


def deaf_processes(session: Session) -> list[UUID]:
    """Open processes that do not hear what was delivered to them, for minutes by the oldest news' own age.

    Neither rings nor whether somebody saw it running count: a deaf process runs and is rung.
    """
    long_ago = func.db_now() - DEAF_AFTER
    unheard = select(ProcessEventRow.number).where(
        ProcessEventRow.process_id == Process.id,
        ProcessEventRow.number > Process.processed,
        ProcessEventRow.created_at < long_ago,
    )
    statement = (
        select(Process.id)
        .where(Process.open, Process.processed < Process.published, Process.delivered > Process.processed)
        .where(Process.generation_at < long_ago, unheard.exists())
        .order_by(Process.created_at)
    )
    return list(session.execute(statement).scalars())


def superseded_runs(session: Session, lives: Sequence[tuple[str, UUID, int]]) -> list[str]:
    """The workflow ids of those running lives (kind, entity id, generation) that a newer life has replaced."""
    kinds = literal([kind for kind, _, _ in lives], ARRAY(Text()))
    entities = literal([entity_id for _, entity_id, _ in lives], ARRAY(Uuid()))
    generations = literal([generation for _, _, generation in lives], ARRAY(Integer()))
    columns = (column("kind", Text()), column("entity_id", Uuid()), column("generation", Integer()))
    running = func.unnest(kinds, entities, generations).table_valued(*columns, name="running").render_derived()
    statement = select(Process.kind, running.c.entity_id, running.c.generation).where(
        Process.kind == running.c.kind,
        Process.entity_id == running.c.entity_id,
        Process.generation > running.c.generation,
    )
    return [workflow_id(kind, str(entity_id), number) for kind, entity_id, number in session.execute(statement)]


def open_processes(session: Session) -> list[UUID]:
    """Every process that has not ended, the oldest first."""
    return list(session.execute(select(Process.id).where(Process.open).order_by(Process.created_at)).scalars())


def current_generations(session: Session) -> set[tuple[str, UUID, int]]:
    """The current life (kind, entity id, generation) of every process; one that ended last may still be ending."""
    statement = select(Process.kind, Process.entity_id, Process.generation)
    return {(row.kind, row.entity_id, row.generation) for row in session.execute(statement)}


def census_completed_at(session: Session, census_id: int) -> datetime | None:
    """When a census was completed; None while it is not."""
    session.expire_all()
    return session.execute(select(Census.completed_at).where(Census.id == census_id)).scalar_one_or_none()


def unheard_seconds(session: Session) -> float:
    """The age of the oldest news that was told and not heard, in seconds; 0 when all was heard."""
    oldest = (
        select(func.min(ProcessEventRow.created_at))
        .join(Process, Process.id == ProcessEventRow.process_id)
        .where(Process.open, Process.processed < Process.published, ProcessEventRow.number > Process.processed)
        .scalar_subquery()
    )
    age = session.execute(select(func.extract("epoch", func.db_now() - oldest))).scalar_one()
    return float(age or 0)


def count_unheard(session: Session) -> int:
    """How many open processes were told something that they have not heard."""
    return session.execute(select(func.count()).where(Process.open, Process.processed < Process.published)).scalar_one()
