"""Listening to the database: one thread that calls back when a channel is notified."""

from __future__ import annotations

import logging
import select
import threading
from collections.abc import Callable, Mapping

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection
from sqlalchemy import make_url

from models.postgres.database import connect_args

log = logging.getLogger(__name__)

LOOK_UP_EVERY = 1.0
RECONNECT_AFTER = 1.0


class Listener(threading.Thread):
    """Calls back for each notification, and for every channel after each (re)connection.

    A notification can be lost with the connection, so whoever is called also polls.
    """

    def __init__(self, url: str, on: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(name="listener", daemon=True)
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._on = on
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self._listen()
            except psycopg2.Error as error:
                log.warning("cannot listen to the database: %s", type(error).__name__)
                self._stop_asked.wait(RECONNECT_AFTER)

    def stop(self) -> None:
        self._stop_asked.set()

    def _listen(self) -> None:
        opened = _connect(self._dsn)
        try:
            opened.autocommit = True
            with opened.cursor() as cursor:
                for channel in self._on:
                    cursor.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            for call in self._on.values():
                call()
            while not self._stop_asked.is_set():
                self._pass_on(opened)
        finally:
            opened.close()

    def _pass_on(self, opened: connection) -> None:
        select.select([opened], [], [], LOOK_UP_EVERY)
        opened.poll()
        for channel in {notice.channel for notice in opened.notifies}:
            self._on[channel]()
        opened.notifies.clear()


def _connect(dsn: str) -> connection:
    opened: connection = psycopg2.connect(dsn, **connect_args())
    return opened
