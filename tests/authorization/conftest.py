"""The world and the web app of the matrix, built once for each module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from models.crypto.sealing import use_secret
from models.running.settings import Settings
from tests.authorization.answers import Facts
from tests.authorization.world import World, build
from tests.database import Database
from tests.site import SECRET, settings_of, web_app


@pytest.fixture(scope="module")
def world(worker_database: Database) -> Iterator[World]:
    use_secret(SECRET)
    worker_database.clean()
    yield build(worker_database)
    worker_database.clean()


@pytest.fixture(scope="module")
def app(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The web app on the world's database; its pages' markup is looked at elsewhere."""
    with web_app(settings_of(world.database, Path(tmp_path_factory.mktemp("matrix")))) as made:
        yield made


@pytest.fixture
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A web app on a database without the world."""
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)
    with web_app(settings) as made:
        yield made


@pytest.fixture(scope="module")
def facts(world: World) -> Iterator[Facts]:
    with world.database.owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield Facts(connection)
