"""The turn of a mail sender: what a dead one had in hand goes back to the queue at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from models.postgres.database import transaction
from models.store.core.mail.messages import put_back_orphans

SENDER_LOCK = 0x6D61696C
"""The advisory lock that every sender shares while it has mails in hand; any number that nobody else uses."""


@contextmanager
def sending_turn(engine: Engine) -> Iterator[None]:
    """Share the senders' lock for as long as mails are handed over.

    The lock belongs to a connection, so it ends with its process, however that ends. Whoever gets it alone
    knows that nobody alive has a message in hand, and puts all that are still marked so back.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            if connection.execute(select(func.pg_try_advisory_lock(SENDER_LOCK))).scalar_one():
                with transaction(engine) as session:
                    put_back_orphans(session)
                connection.execute(select(func.pg_advisory_lock_shared(SENDER_LOCK)))
                connection.execute(select(func.pg_advisory_unlock(SENDER_LOCK)))
            else:
                connection.execute(select(func.pg_advisory_lock_shared(SENDER_LOCK)))
            yield
        finally:
            _let_go(connection)


def _let_go(connection: Connection) -> None:
    """Unlock; a connection that does not answer any more has lost the lock, and is not used again."""
    try:
        connection.execute(select(func.pg_advisory_unlock_all()))
    except DBAPIError:
        with suppress(DBAPIError):
            connection.invalidate()
