"""Fixtures that every test may use: one clean database a test, the web app and its client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.crypto.sealing import use_secret
from models.running.settings import Settings
from tests.database import Database, Server, clone_database
from tests.site import SECRET, settings_of, web_app
from tests.webapp.page_checks import CheckedClient

pytest_plugins = ["tests.time_skipping", "tests.live", "tests.mail", "tests.versions"]


@pytest.fixture(scope="session")
def worker_database(server: Server, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The database of this test worker."""
    name = "cvms_" + getattr(request.config, "workerinput", {}).get("workerid", "main")
    database = clone_database(server, name)
    yield database
    database.dispose()


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


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The web app on the test database."""
    with web_app(settings) as made:
        made.test_client_class = CheckedClient
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, which checks the markup of every page it gets."""
    return app.test_client()
