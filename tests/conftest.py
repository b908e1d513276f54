"""Fixtures that every test may use: one clean database a test, the web app and its client, cheap passwords."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.crypto.hashing import PRODUCTION, Hashers, use_hashers
from models.crypto.sealing import use_secret
from models.running.settings import Settings
from tests.database import Database, Server, clone_database
from tests.site import SECRET, Site, borrowed, settings_of, web_app
from tests.webapp.page_checks import CheckedClient

CHEAP = Hashers(
    staff=PasswordHasher(time_cost=1, memory_cost=16, parallelism=1),
    others=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
)
pytest_plugins = [
    "tests.balance",
    "tests.versions",
    "tests.budgets",
    "tests.time_skipping",
    "tests.live",
    "tests.mail",
]


def pytest_configure() -> None:
    """Make passwords cheap for every test that does not ask for `production_hashing`."""
    use_hashers(CHEAP)


def pytest_collection_finish() -> None:
    """What was imported and collected stays; looking through it for garbage again and again takes a sixth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Callable[[Server], Database]]:
    """The databases of this test worker, one on each server, made when a test first asks for it."""
    name = "cvms_" + getattr(request.config, "workerinput", {}).get("workerid", "main")
    made: dict[Server, Database] = {}

    def of(server: Server) -> Database:
        if server not in made:
            made[server] = clone_database(server, name)
        return made[server]

    yield of
    for database in made.values():
        database.dispose()


@pytest.fixture(scope="session")
def worker_database(server: Server, databases: Callable[[Server], Database]) -> Database:
    """The database of this test worker on the server of the test."""
    return databases(server)


@pytest.fixture
def database(worker_database: Database) -> Iterator[Database]:
    """A database without rows but the programme's reference data."""
    use_secret(SECRET)
    yield worker_database
    worker_database.clean()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session as the application's role; rolled back at the end unless the test commits."""
    with Session(database.app_engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of a web app on the test database."""
    return settings_of(database, tmp_path)


@pytest.fixture(scope="session")
def site_of_worker() -> Iterator[Site]:
    """The web apps of this test worker."""
    made = Site()
    yield made
    made.close()


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in answers at once; that it takes its time is tested in tests/attacks/test_enumeration_by_work.py."""
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


@pytest.fixture
def app(site_of_worker: Site, settings: Settings, no_pause: None) -> Iterator[Flask]:
    """The web app on the test database, shared by the tests of a worker."""
    with borrowed(site_of_worker.app_for(settings), settings) as shared:
        shared.test_client_class = CheckedClient
        yield shared


@pytest.fixture
def own_app(settings: Settings, no_pause: None) -> Iterator[Flask]:
    """A web app of the test's own, to which it may add routes."""
    with web_app(settings) as made:
        made.test_client_class = CheckedClient
        yield made


@pytest.fixture
def production_hashing() -> Iterator[None]:
    """Passwords cost what they cost in production; elsewhere they cost next to nothing."""
    use_hashers(PRODUCTION)
    yield
    use_hashers(CHEAP)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, which checks the markup of every page it gets."""
    return app.test_client()
