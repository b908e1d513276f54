"""What every process does with its own row: reading its news, and ending."""

from __future__ import annotations

from uuid import UUID

from temporalio import activity

from activities.core.runtime import engine
from models.domain.core.actors import SYSTEM
from models.domain.core.process_steps import CLOSE_PROCESS, READ_EVENTS, StepRequest
from models.domain.core.processes import ProcessEvent
from models.postgres.database import transaction
from models.queries.core.processes import events_after
from models.store.core.act import Act
from models.store.core.processes import close_process


@activity.defn(name=READ_EVENTS)
def read_events(turn: StepRequest) -> list[ProcessEvent]:
    """The news after what the process has heard, oldest first."""
    with transaction(engine()) as session:
        return events_after(session, UUID(turn.ref.process_id), turn.heard)


@activity.defn(name=CLOSE_PROCESS)
def close(turn: StepRequest) -> list[ProcessEvent]:
    """End the process when it has heard everything; else hand back the rest."""
    cause_key = f"process/{turn.ref.process_id}/close"
    with transaction(engine()) as session:
        return close_process(Act(session, SYSTEM, cause_key), ref=turn.ref, processed=turn.heard)
