"""Writes whose answer nobody needs wait for the next statement of their connection, and travel with it (ADR 9).

They keep their order, are sent before the commit at the latest, and are forgotten by a rollback.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Executable, Pool, event
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.orm import Session

LATER = "cvms_later"
"""The execution option of a statement whose answer nobody needs."""
MOST_BYTES = 250_000
"""So much may wait; whatever comes then is sent at once, with all that waited."""

_SEND = "cvms_send"
_WAITS = "cvms_waits"
_AT_THE_END = "-- what waited"
_BETWEEN = b";\n"


@dataclass(slots=True)
class _Waiting:
    """What waits on one connection, as the server will read it; `flushing` while the mapper writes."""

    writes: list[bytes] = field(default_factory=list)
    size: int = 0
    flushing: bool = False

    def add(self, writes: Sequence[bytes]) -> None:
        self.writes += writes
        self.size += sum(map(len, writes))

    def take(self) -> list[bytes]:
        taken, self.writes, self.size = self.writes, [], 0
        return taken


_waiting: WeakKeyDictionary[Any, _Waiting] = WeakKeyDictionary()
"""By the driver's connection, which one thread uses at a time."""


def write_later(session: Session, statement: Executable, values: Mapping[str, Any] | None = None) -> None:
    """Run a statement without waiting for its answer, in the session's transaction and after what it holds."""
    session.flush()
    session.connection().execute(statement, values or {}, execution_options={LATER: True})


def waits(context: Any) -> bool:
    """Whether a statement that was run is sent later, with another one; for whoever counts what is sent."""
    return bool(getattr(context, _WAITS, False))


def _of(driver: Any) -> _Waiting:
    found = _waiting.get(driver)
    if found is None:
        found = _waiting[driver] = _Waiting()
    return found


def _of_session(session: Session) -> _Waiting:
    return _of(session.connection().connection.driver_connection)


@event.listens_for(Session, "before_flush")
def _begin_flush(session: Session, *_: object) -> None:
    _of_session(session).flushing = True


@event.listens_for(Session, "after_flush")
def _end_flush(session: Session, *_: object) -> None:
    _of_session(session).flushing = False


@event.listens_for(PGDialect_psycopg2, "do_execute")
def _execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Keep the statement for later, or send it with what waits; False where SQLAlchemy sends it as ever."""
    waiting = _of(cursor.connection)
    if _may_wait(waiting, context):
        _keep(waiting, cursor, context, statement, [parameters])
        return True
    if not waiting.writes:
        return False
    if cursor.name:
        _send_alone(cursor, waiting)
        return False
    last = [] if context.execution_options.get(_SEND) else [cursor.mogrify(statement, parameters)]
    cursor.execute(_BETWEEN.join([*waiting.take(), *last]))
    return True


@event.listens_for(PGDialect_psycopg2, "do_executemany")
def _execute_many(cursor: Any, statement: str, parameters: Sequence[Any], context: Any) -> bool:
    waiting = _of(cursor.connection)
    if _may_wait(waiting, context):
        _keep(waiting, cursor, context, statement, parameters)
        return True
    _send_alone(cursor, waiting)
    return False


@event.listens_for(PGDialect_psycopg2, "do_execute_no_params")
def _execute_no_parameters(cursor: Any, _statement: str, _context: Any) -> bool:
    _send_alone(cursor, _of(cursor.connection))
    return False


@event.listens_for(Engine, "commit")
def _send_before_commit(connection: Connection) -> None:
    if _of(connection.connection.driver_connection).writes:
        connection.exec_driver_sql(_AT_THE_END, execution_options={_SEND: True})


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    if not connection.closed and not connection.invalidated:
        _waiting.pop(connection.connection.driver_connection, None)


@event.listens_for(Pool, "checkin")
def _forget_lent(driver: Any, *_: object) -> None:
    """Nothing of one transaction ever waits for the next one, however it ended."""
    if driver is not None:
        _waiting.pop(driver, None)


def _may_wait(waiting: _Waiting, context: Any) -> bool:
    if waiting.size >= MOST_BYTES:
        return False
    if context.execution_options.get(LATER):
        return True
    changes = context.isinsert or context.isupdate or context.isdelete
    return waiting.flushing and changes and not context.compiled.effective_returning


def _keep(waiting: _Waiting, cursor: Any, context: Any, statement: str, parameters: Sequence[Any]) -> None:
    """The mapper asks how many rows were found: the rows of a flush are those that this transaction has read."""
    waiting.add([cursor.mogrify(statement, one) for one in parameters])
    context._rowcount = len(parameters)
    setattr(context, _WAITS, True)


def _send_alone(cursor: Any, waiting: _Waiting) -> None:
    """In a message of its own, before a statement that takes no company."""
    if waiting.writes:
        with cursor.connection.cursor() as other:
            other.execute(_BETWEEN.join(waiting.take()))
