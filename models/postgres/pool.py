"""A pool that looks at a connection before it lends it, and asks the server only where the look says too little."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy import QueuePool, event
from sqlalchemy.exc import InvalidatePoolError

RESTED_SECONDS = 1.0
"""A connection that was used within so long is only looked at: what cut it off since then has closed it, or is news
to everybody. One that rested longer may have been forgotten by something between us and the server."""
BACK_AT = "cvms_back_at"


class LookingPool(QueuePool):
    """Never lends a connection that the server has closed: a killed server costs no request that comes after it."""


@event.listens_for(LookingPool, "checkout")
def look(connection: extensions.connection, record: Any, _lent: object) -> None:
    """Replace a dead connection, and with it all others of its age, before any statement is run on it."""
    back_at = record.info.get(BACK_AT)
    if back_at is None:
        return
    if (time.monotonic() - back_at > RESTED_SECONDS or has_something_to_say(connection)) and not answers(connection):
        raise InvalidatePoolError


@event.listens_for(LookingPool, "checkin")
def note_return(_connection: extensions.connection | None, record: Any) -> None:
    """When a connection came back; a new one that takes its place has not been lent yet."""
    record.info[BACK_AT] = time.monotonic()


@event.listens_for(LookingPool, "invalidate")
def forget_return(_connection: extensions.connection | None, record: Any, _error: object) -> None:
    """What is connected in its place is new."""
    record.info.pop(BACK_AT, None)


def has_something_to_say(connection: extensions.connection) -> bool:
    """Whether the server sent something unasked: its farewell, or the end of the connection. Asks nothing."""
    if connection.closed:
        return True
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    return bool(watch.poll(0))


def answers(connection: extensions.connection) -> bool:
    """Ask the server for a sign of life."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error:
        return False
    return True
