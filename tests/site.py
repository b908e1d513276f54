"""The web app of a test: its settings on the test database, and the app that is taken down again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from models.running.settings import Environment, Settings
from tests.database import Database

SECRET = "a-secret-of-the-tests-that-is-long-enough"


def settings_of(database: Database, home: Path) -> Settings:
    """Settings of a web app on a test database."""
    return Settings(
        home=home,
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


@contextmanager
def web_app(settings: Settings) -> Iterator[Flask]:
    """A web app with these settings; its connections are closed at the end."""
    from webapp import create_app
    from webapp.extensions import db

    made = create_app(settings)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
