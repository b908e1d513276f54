"""Durable processes: starting, telling, hearing, ringing and closing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import Integer, Text, bindparam, case, func, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from models.domain.capabilities import process_rule
from models.domain.core.actors import process as process_actor
from models.domain.core.processes import ProcessEvent, ProcessEventKind, ProcessRef, WaitingFor
from models.domain.core.violations import RuleViolation
from models.postgres.write_behind import write_later
from models.queries.core.processes import events_after
from models.store.core.act import Act
from models.store.core.audit import record
from models.tables.core.processes import Process

PROCESS_EVENT_CHANNEL = "cvms_news"


_APPEND_EVENT = text(
    """
    WITH known AS (SELECT number FROM news WHERE process_id = :process AND cause_key = :key),
    moved AS (
        UPDATE processes SET told = told + 1, waiting_for = 'process', updated_at = db_now()
        WHERE id = :process AND open AND NOT EXISTS (SELECT FROM known)
        RETURNING told, waiting_for, updated_at
    ),
    added AS (
        INSERT INTO news (process_id, number, kind, ids, outcome, cause_key)
        SELECT :process, told, :kind, cast(:ids AS jsonb), :outcome, :key FROM moved
        RETURNING number
    )
    SELECT number, told, waiting_for, updated_at, cast(pg_notify(:channel, cast(:process AS text)) AS text)
    FROM moved JOIN added ON added.number = moved.told
    UNION ALL
    SELECT number, told, waiting_for, updated_at, '' FROM known JOIN processes ON processes.id = :process AND open
    """
)
"""News, the numbers of its process and NOTIFY in one statement; the number that its key had before changes nothing.
No row where the process has ended or is gone."""
_LOCK = text("SELECT FROM processes WHERE id = :process FOR UPDATE")
"""Goes before the news, in the same message to the server: the news sees what the holder of the lock has committed."""


_NUMBER = bindparam("number", type_=Integer())
_WAITS = bindparam("waits", type_=Text())
_MARK_PROCESSED = (
    update(Process)
    .where(Process.id == bindparam("of_process"), Process.generation == bindparam("life"), Process.open)
    .values(
        processed=func.greatest(Process.processed, func.least(_NUMBER, Process.published)),
        waiting_for=case(
            (Process.published > func.greatest(Process.processed, _NUMBER), Process.waiting_for),
            else_=func.coalesce(_WAITS, Process.waiting_for),
        ),
        updated_at=func.db_now(),
    )
    .returning(Process)
    .execution_options(synchronize_session=False, populate_existing=True)
)
"""The end of every effect of a process, in one statement."""


class SupersededError(Exception):
    """An act of a life of a process that is no longer the current one."""


def start_process(act: Act, *, kind: str, entity_id: UUID, org_id: UUID | None) -> UUID:
    """Open the durable process of an entity and tell it that it has begun; returns the process id."""
    process = Process(
        id=uuid4(),
        kind=kind,
        entity_type=process_rule(kind).entity_type,
        entity_id=entity_id,
        org_id=org_id,
    )
    act.session.add(process)
    act.session.flush()
    record(act, action="process.start", object_type="process", object_id=process.id, org_id=org_id)
    publish(act, process_id=process.id, news=ProcessEventKind.STARTED)
    return process.id


def publish(
    act: Act,
    *,
    process_id: UUID,
    news: str,
    ids: Mapping[str, str] | None = None,
    outcome: str | None = None,
) -> int:
    """Tell a process that facts have changed; returns the number of the news.

    Locks the process row, so it comes last in a transaction. Refuses (`process_finished`) when the
    process has ended.
    """
    key = "/".join(part for part in (act.cause_key, news, (ids or {}).get("task", "")) if part)
    number = _append_event(act.session, process_id, news, dict(ids or {}), outcome, key)
    if number is None:
        _locked(act.session, process_id)
        raise RuleViolation(
            "process_finished",
            "This is already finished, so nothing can be changed any more.",
        )
    return number


def _append_event(
    session: Session,
    process_id: UUID,
    news: str,
    ids: dict[str, str],
    outcome: str | None,
    key: str,
) -> int | None:
    """The number of the news, new or known by its key; None where nobody hears it. Locks the row of the process."""
    values = {"process": process_id, "kind": news, "ids": json.dumps(ids), "outcome": outcome, "key": key}
    write_later(session, _LOCK, {"process": process_id})
    added = session.connection().execute(_APPEND_EVENT, values | {"channel": PROCESS_EVENT_CHANNEL}).one_or_none()
    if added is None:
        return None
    number, published, waiting_for, updated_at, _notified = added
    process = session.identity_map.get(identity_key(Process, process_id))
    if process is not None:
        for name, now in (("published", published), ("waiting_for", waiting_for), ("updated_at", updated_at)):
            set_committed_value(process, name, now)
    return int(number)


def mark_processed(
    session: Session,
    *,
    ref: ProcessRef,
    number: int,
    waiting_for: WaitingFor | None = None,
) -> int:
    """Store that a process has taken in all news up to `number`, in the transaction of what it did about it.

    Returns the number that is stored, never one that was not told. `waiting_for` is kept only when nothing was
    told since. Raises `SupersededError` for an older life.
    """
    session.flush()
    values = {"of_process": UUID(ref.process_id), "life": ref.generation, "number": number, "waits": waiting_for}
    process = session.execute(_MARK_PROCESSED, values).scalar_one_or_none()
    if process is None:
        raise SupersededError(f"generation {ref.generation} of process {ref.process_id} is over")
    return process.processed


def close_process(act: Act, *, ref: ProcessRef, processed: int) -> list[ProcessEvent]:
    """End a process when it has heard everything; else hand back the rest, oldest first."""
    process = _locked(act.session, UUID(ref.process_id))
    if not process.open:
        return []
    mark_processed(act.session, ref=ref, number=processed)
    if process.published > process.processed:
        return events_after(act.session, process.id, process.processed)
    process.open = False
    process.finished_at = func.db_now()
    process.waiting_for = WaitingFor.NOBODY
    record(
        act.by_actor(process_actor(process.id)),
        action="process.close",
        object_type="process",
        object_id=process.id,
        org_id=process.org_id,
    )
    return []


def mark_delivered(session: Session, *, process_id: UUID, generation: int, number: int) -> None:
    """Store that the relay has delivered all news up to `number`."""
    session.execute(
        update(Process)
        .where(
            Process.id == process_id,
            Process.generation == generation,
            Process.delivered < number,
        )
        .values(delivered=number, delivered_at=func.db_now())
        .execution_options(synchronize_session=False)
    )


def redeliver_unprocessed(session: Session, *, older_than_seconds: int) -> Sequence[UUID]:
    """Have the relay deliver once more what was rung but not heard for so long; returns the processes.

    The age of the news and of the process stay as they are: what is not heard must not look fresh.
    """
    since = func.coalesce(Process.delivered_at, Process.updated_at)
    statement = (
        update(Process)
        .where(Process.open, Process.processed < Process.published, Process.delivered > Process.processed)
        .where(since < func.db_now() - text(f"interval '{int(older_than_seconds)} seconds'"))
        .values(delivered=Process.processed)
        .returning(Process.id)
    )
    return session.execute(statement).scalars().all()


def redeliver(act: Act, *, process_id: UUID) -> None:
    """Have the relay deliver now, once more, what a process has not heard; refused (`nothing_to_ring`) when it has."""
    process = _locked(act.session, process_id)
    if not process.open or process.processed >= process.published:
        raise RuleViolation("nothing_to_ring", "This process has already processed everything.")
    process.delivered = process.processed
    record(act, action="process.ring", object_type="process", object_id=process_id, org_id=process.org_id)
    act.session.flush()
    act.session.execute(select(func.pg_notify(PROCESS_EVENT_CHANNEL, str(process_id))))


LOCKING = (
    select(Process)
    .where(Process.id == bindparam("process_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Built once: whatever is told or heard locks the row of its process."""


def _locked(session: Session, process_id: UUID) -> Process:
    process = session.execute(LOCKING, {"process_id": process_id}).scalar_one_or_none()
    if process is None:
        raise SupersededError(f"process {process_id} is gone from the facts")
    return process
