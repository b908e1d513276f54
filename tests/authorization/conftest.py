"""The world and the web app of the matrix: built once a test worker, copied for each module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from models.crypto.sealing import use_secret
from models.running.settings import Settings
from tests.authorization.answers import Facts, Writes, watched
from tests.authorization.world import World, build
from tests.database import Database, Server, clone_database
from tests.site import SECRET, Site, borrowed, settings_of, web_app


@pytest.fixture(scope="session")
def worlds(server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[[], World]]:
    """Worlds of this test worker: built once into a database of its own, and copied with it for each module."""
    name = "cvms_world_" + getattr(request.config, "workerinput", {}).get("workerid", "main")
    use_secret(SECRET)
    first = clone_database(server, name)
    built = build(first)
    first.dispose()
    copies: list[Database] = []

    def another() -> World:
        copies.append(clone_database(server, f"{name}_{len(copies)}", template=name))
        return built.in_database(copies[-1])

    yield another
    for copied in copies:
        copied.dispose()


@pytest.fixture(scope="module")
def world(worlds: Callable[[], World]) -> World:
    use_secret(SECRET)
    return worlds()


@pytest.fixture(scope="module")
def app(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The web app on the world's database; its pages' markup is looked at elsewhere."""
    with web_app(settings_of(world.database, Path(tmp_path_factory.mktemp("matrix")))) as made:
        yield made


@pytest.fixture
def site(site_of_worker: Site, settings: Settings, no_pause: None) -> Iterator[Flask]:
    """A web app on a database without the world."""
    with borrowed(site_of_worker.app_for(settings), settings) as shared:
        yield shared


@pytest.fixture(scope="module")
def writes(app: Flask) -> Iterator[Writes]:
    """What requests write, while the module runs."""
    with watched() as found:
        yield found


@pytest.fixture(scope="module")
def facts(world: World) -> Iterator[Facts]:
    with world.database.owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield Facts(connection)
