"""Standing between the relay and the door of one process, as a slow or a forgetful relay does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

DOOR = """
SELECT id, pg_advisory_xact_lock(hashtextextended('ring/' || id, 0)) FROM processes WHERE entity_id = :entity
"""
FORGET = "UPDATE processes SET rung = told WHERE id = :id"


@contextmanager
def nobody_rings(engine: Engine, entity_id: str, *, lost: bool = False) -> Iterator[str]:
    """What is told meanwhile is rung only afterwards; `lost`, never: the relay believes that it has rung.

    Gives the id of the process.
    """
    with engine.begin() as connection:
        process_id = str(connection.execute(text(DOOR), {"entity": entity_id}).scalar_one())
        yield process_id
        if lost:
            connection.execute(text(FORGET), {"id": process_id})
