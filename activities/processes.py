"""What every process does with its own row: reading its news, and ending."""

from __future__ import annotations

from uuid import UUID

from temporalio import activity

from activities.runtime import engine
from models.database import transaction
from models.domain.process_steps import CLOSE_PROCESS, READ_NEWS, Turn
from models.domain.processes import News
from models.queries.processes import news_after
from models.store.processes import close_process


@activity.defn(name=READ_NEWS)
def read_news(turn: Turn) -> list[News]:
    """The news after what the process has heard, oldest first."""
    with transaction(engine()) as session:
        return news_after(session, UUID(turn.ref.process_id), turn.heard)


@activity.defn(name=CLOSE_PROCESS)
def close(turn: Turn) -> list[News]:
    """End the process when it has heard everything; else hand back the rest."""
    cause_key = f"process/{turn.ref.process_id}/close"
    with transaction(engine()) as session:
        return close_process(session, ref=turn.ref, heard=turn.heard, cause_key=cause_key)
