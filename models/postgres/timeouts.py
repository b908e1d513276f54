"""How long this process waits for PostgreSQL: a server that answers nothing, frozen or cut off, must not hold it up."""

from __future__ import annotations

import select
import threading
import time

import psycopg2
from psycopg2 import extensions

SHORT = 0.2
"""How long a thread waits that has just given up: for the new connection that is tried in place of the old one."""
JUST_NOW = 1.0


def limit_waiting(seconds: float) -> None:
    """Give up on every statement of this process after so many seconds; `OperationalError`, and the connection closes.

    PostgreSQL's own limits cannot do that: a frozen server does not watch its clock. The limit goes for
    each statement, so it must be above `statement_timeout`.
    """
    gave_up = threading.local()

    def wait(connection: extensions.connection) -> None:
        began = time.monotonic()
        once_more = began - getattr(gave_up, "at", -JUST_NOW) < JUST_NOW
        until = began + (SHORT if once_more else seconds)
        while (state := connection.poll()) != extensions.POLL_OK:
            if not _is_ready(connection, state, until - time.monotonic()):
                gave_up.at = time.monotonic()
                raise psycopg2.OperationalError("PostgreSQL did not answer in time")

    extensions.set_wait_callback(wait)


def _is_ready(connection: extensions.connection, state: int, seconds: float) -> bool:
    number = [connection.fileno()]
    reading = number if state == extensions.POLL_READ else []
    writing = number if state == extensions.POLL_WRITE else []
    return seconds > 0 and any(select.select(reading, writing, [], seconds))
