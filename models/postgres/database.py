"""The door to PostgreSQL: engines with their limits, and the one way to open a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session

import models.postgres.write_behind  # noqa: F401 - for what it listens to on every connection
from models.postgres.pool import LookingPool

STATEMENT_SECONDS = 10.0
"""How long a statement may take, and half of it how long it may wait for a lock."""


def normalize_url(url: str) -> str:
    """Any PostgreSQL address, spelled so that SQLAlchemy 2.1 takes psycopg2 for it."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def connect_args(statement_seconds: float = STATEMENT_SECONDS) -> dict[str, Any]:
    """How a connection is opened: in UTC, with limits for connecting, statements, locks and idle transactions."""
    limit = int(statement_seconds * 1000)
    limits = f"-c statement_timeout={limit} -c lock_timeout={limit // 2} -c idle_in_transaction_session_timeout=60s"
    return {
        "connect_timeout": 2,
        "options": f"-c timezone=UTC {limits}",
        "keepalives_idle": 10,
        "tcp_user_timeout": 5000,
    }


def engine_options(*, pool_size: int, statement_seconds: float = STATEMENT_SECONDS) -> dict[str, Any]:
    """Options for an engine: a bounded pool that waits 2 seconds and looks at a connection before use."""
    return {
        "poolclass": LookingPool,
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": 2,
        "connect_args": connect_args(statement_seconds),
        "hide_parameters": True,
    }


def make_engine(url: str, *, pool_size: int = 5) -> Engine:
    """An engine on `url`, an address with or without a driver name."""
    return create_engine(normalize_url(url), **engine_options(pool_size=pool_size))


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One session for reads of which each is its own transaction: nothing is begun and nothing ended.

    The driver is told directly: through SQLAlchemy's isolation levels the way back would ask the server once more.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.autocommit = True
        try:
            with Session(connection, expire_on_commit=False) as session:
                yield session
        finally:
            if not driver.closed:
                driver.autocommit = False


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One session in one transaction: committed at the end, rolled back on any error, always closed."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
