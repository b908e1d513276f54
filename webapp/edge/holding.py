"""Holding an answer back: whoever is told to wait is answered a little later, without a thread waiting for it."""

from __future__ import annotations

import threading
import time

from webapp.edge.connection import Connection

HOLD_SECONDS = 1.0
_current = threading.local()


def answering(conn: Connection | None) -> None:
    """From here on this thread answers that connection, or none."""
    _current.conn = conn


def hold_back(seconds: float = HOLD_SECONDS) -> None:
    """Send this answer so much later. So a program that asks again at once asks once a second, not a thousand times."""
    conn: Connection | None = getattr(_current, "conn", None)
    if conn is not None:
        conn.sock.held_until = time.monotonic() + seconds
