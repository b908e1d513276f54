"""What activities share: the worker's engine, and a turn of a process as one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.domain.core.process_steps import StepRequest, StepResult, Wake
from models.domain.core.processes import WaitingFor
from models.postgres.database import transaction
from models.queries.core.deadlines import next_deadline
from models.store.core.processes import mark_processed

_engines: list[Engine] = []


def use_engine(engine: Engine) -> None:
    """Choose the engine of this process; called once by the worker, and by tests."""
    _engines[:] = [engine]


def engine() -> Engine:
    """The engine of this process; raises `LookupError` when no entry point has chosen one."""
    if not _engines:
        raise LookupError("no engine was chosen: call use_engine first")
    return _engines[0]


def run_step(turn: StepRequest, action: Callable[[Session], str], *, waits_in: Collection[str] = ()) -> StepResult:
    """One transaction for one turn: what the process does, then where it stands and what it has heard.

    `act` returns the next step; the process waits for a person when that is one of `waits_in`. Refused
    (`SupersededError`), with everything undone, when the turn belongs to an older life.
    """
    with transaction(engine()) as session:
        next_step = action(session)
        session.flush()
        found = next_deadline(session, UUID(turn.ref.process_id))
        waiting_for = WaitingFor.PERSON if next_step in waits_in else None
        processed = mark_processed(session, ref=turn.ref, number=turn.heard, waiting_for=waiting_for)
    wake = Wake(str(found.deadline_id), found.kind, found.due_at) if found else None
    return StepResult(next_step, wake, processed)
