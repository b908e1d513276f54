"""A database server that does not answer."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import extensions
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from deploy.local.servers.postgres import Postgres
from models.postgres.database import make_engine
from models.postgres.timeouts import limit_waiting


@pytest.fixture
def patience() -> Iterator[None]:
    limit_waiting(0.5)
    yield
    extensions.set_wait_callback(None)


def freeze(postgres: Postgres, sent: signal.Signals) -> None:
    """Stop or go on with the server and all its processes."""
    master = postgres.child.pid
    children = [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
    for pid in (master, *children):
        os.kill(pid, sent)


@pytest.mark.stack
@pytest.mark.usefixtures("patience")
def test_a_frozen_server_is_given_up_on_and_used_again_when_it_is_back(tmp_path: Path) -> None:
    with Postgres(tmp_path / "pg", password="x", durable=False) as postgres:
        engine = make_engine(postgres.url(), pool_size=1)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
        freeze(postgres, signal.SIGSTOP)
        began = time.monotonic()
        try:
            with pytest.raises((OperationalError, psycopg2.OperationalError)), engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            took = time.monotonic() - began
        finally:
            freeze(postgres, signal.SIGCONT)
        assert took < 3
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
        engine.dispose()
