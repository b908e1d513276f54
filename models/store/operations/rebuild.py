"""Starting processes again from the facts: another life for each, and the news of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from models.domain.core.processes import ProcessEventKind, WaitingFor
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.clock import db_now
from models.store.core.processes import PROCESS_EVENT_CHANNEL
from models.tables.core.processes import Process, ProcessEventRow

AT_ONCE = 200
"""So many processes share a transaction: few enough that nobody waits long for one of their rows."""


def in_portions(process_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Process ids in portions, each for a transaction of its own."""
    for first in range(0, len(process_ids), AT_ONCE):
        yield process_ids[first : first + AT_ONCE]


def rebuild_processes(act: Act, *, process_ids: Sequence[UUID], at_least: int = 0) -> int:
    """Give open processes that no longer run another life, of a generation `at_least` so high; returns how many.

    A new life begins at `heard`, so what was told and not heard is delivered to it again. A process that has ended
    stays as it is. Whatever their number, it takes few statements.
    """
    locking = select(Process).where(Process.id.in_(process_ids), Process.open).order_by(Process.id).with_for_update()
    found = act.session.execute(locking.execution_options(populate_existing=True)).scalars().all()
    now = db_now(act.session)
    for process in found:
        _start_generation(act, process, at_least, now)
    act.session.flush()
    if found:
        act.session.execute(select(func.pg_notify(PROCESS_EVENT_CHANNEL, str(found[0].id))))
    return len(found)


def _start_generation(act: Act, process: Process, at_least: int, now: datetime) -> None:
    process.generation = max(process.generation + 1, at_least)
    process.generation_at = process.updated_at = now
    process.delivered = process.processed
    process.published += 1
    process.waiting_for = WaitingFor.PROCESS
    cause_key = f"process/{process.id}/generation/{process.generation}"
    event_key = f"{cause_key}/{ProcessEventKind.REBUILT}"
    act.session.add(
        ProcessEventRow(
            process_id=process.id, number=process.published, kind=ProcessEventKind.REBUILT, ids={}, cause_key=event_key
        )
    )
    record(
        act.because(cause_key),
        action="process.rebuild",
        object_type="process",
        object_id=process.id,
        org_id=process.org_id,
    )
