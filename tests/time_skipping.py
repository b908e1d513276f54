"""The fixture `laboratory`: one Temporal dev server with time skipping for each test worker."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.servers.temporal import TemporalServer
from tests.temporal import TimeSkipping


@pytest.fixture(scope="session")
def temporal_server() -> Iterator[TemporalServer]:
    """The dev server of this test worker."""
    folder = Path(tempfile.mkdtemp(prefix="cvms-temporal-"))
    with TemporalServer(folder / "temporal.db", time_skipping=True) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def connected_laboratory(temporal_server: TemporalServer) -> Iterator[TimeSkipping]:
    """The event loop and the client of this test worker."""
    made = TimeSkipping(temporal_server.address)
    yield made
    made.close()


@pytest.fixture
def time_skipping(connected_laboratory: TimeSkipping) -> Iterator[TimeSkipping]:
    """A place to run processes; whatever a test leaves running is terminated."""
    yield connected_laboratory
    connected_laboratory.terminate_all()
