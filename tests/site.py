"""The web app of a test: its settings on the test database, and the app that is taken down again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
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


class Site:
    """The web apps of a test worker: one for each kind of settings, made once and left to every test unchanged."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._apps: dict[Settings, Flask] = {}

    def app_for(self, settings: Settings) -> Flask:
        """The app with these settings, whatever their folder; an app of its own where they differ in more."""
        kind = replace(settings, home=Path())
        if kind not in self._apps:
            self._apps[kind] = self._open.enter_context(web_app(settings))
        return self._apps[kind]

    def close(self) -> None:
        self._open.close()


@contextmanager
def borrowed(app: Flask, settings: Settings) -> Iterator[Flask]:
    """A shared app for one test. What the test may change is put back: settings, views and the database's session.

    Routes cannot be added: Flask refuses them after the first request, so a test that wants some takes `own_app`.
    """
    from webapp.extensions import db

    config, views, client_class = dict(app.config), dict(app.view_functions), app.test_client_class
    app.config["SETTINGS"] = settings
    try:
        yield app
    finally:
        for kept, before in ((app.config, config), (app.view_functions, views)):
            kept.clear()
            kept.update(before)
        app.test_client_class = client_class
        with app.app_context():
            db.session.remove()
