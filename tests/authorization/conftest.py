"""The world and the web app of the matrix, built once for each module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from models.sealing import use_secret
from models.settings import Environment, Settings
from tests.authorization.answers import Facts
from tests.authorization.world import World, build
from tests.conftest import SECRET
from tests.database import Database


@pytest.fixture(scope="module")
def world(worker_database: Database) -> Iterator[World]:
    use_secret(SECRET)
    worker_database.clean()
    yield build(worker_database)
    worker_database.clean()


@pytest.fixture(scope="module")
def app(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The web app on the world's database; its pages' markup is looked at elsewhere."""
    from webapp import create_app
    from webapp.extensions import db

    settings = Settings(
        home=Path(tmp_path_factory.mktemp("matrix")),
        port=0,
        environment=Environment.TEST,
        secret_key=SECRET,
        public_url="http://localhost",
        smtp_url="smtp://127.0.0.1:1",
        pg_bin=None,
        database_url=world.database.app_url,
        owner_database_url=world.database.owner_url,
        worker_database_url=world.database.worker_url,
    )
    made = create_app(settings)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def facts(world: World) -> Iterator[Facts]:
    with world.database.owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield Facts(connection)
