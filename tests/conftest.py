"""Fixtures that every test may use: one clean database a test, the web app and its client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.sealing import use_secret
from models.settings import Environment, Settings
from tests.database import Database, Server, clone_database
from tests.webapp.page_checks import CheckedClient

pytest_plugins = ["tests.laboratory", "tests.live", "tests.versions"]
SECRET = "a-secret-of-the-tests-that-is-long-enough"


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
    return Settings(
        home=tmp_path,
        port=0,
        environment=Environment.TEST,
        secret_key=SECRET,
        public_url="http://localhost",
        smtp_url="smtp://127.0.0.1:1",
        pg_bin=None,
        database_url=database.app_url,
        owner_database_url=database.owner_url,
        worker_database_url=database.worker_url,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The web app on the test database."""
    from webapp import create_app
    from webapp.extensions import db

    made = create_app(settings)
    made.test_client_class = CheckedClient
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, which checks the markup of every page it gets."""
    return app.test_client()
