"""The toy's pages: a capability that the web app has never seen, with a task for one person."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from models.domain.core.actors import process as process_actor
from models.postgres.database import transaction
from models.store.core.act import Act
from models.tables.core.processes import Process
from tests.site import settings_of, web_app
from tests.toy import store
from tests.toy.declares import ProcessKind, ToyState
from tests.toy.web_declares import CAPABILITY
from tests.toy.world import ToyWorld, toy_declared
from tests.webapp.accounts import make_account, post, sign_in
from webapp import capabilities
from webapp.core.capability import compose


@pytest.fixture
def toy(database):
    with toy_declared(database):
        world = ToyWorld(database)
        with transaction(database.app_engine) as session:
            owner = make_account(database.app_engine, "ola@example.org")
            session.get_one(store.Toy, world.toy_id).owner_id = owner
        with transaction(database.app_engine) as session:
            for kind in ProcessKind:
                process = session.get_one(Process, world.process_id(kind))
                store.look(Act(session, process_actor(process.id)), process)
        yield world


@pytest.fixture
def browser(toy, database, tmp_path):
    with (
        patch.object(capabilities, "CAPABILITIES", (*capabilities.CAPABILITIES, CAPABILITY)),
        web_app(settings_of(database, tmp_path)) as app,
    ):
        yield app.test_client()


def test_the_owner_sees_the_toy_and_nobody_else_does(browser, toy, database):
    make_account(database.app_engine, "eve@example.org")
    sign_in(browser, "eve@example.org")
    assert browser.get(f"/toys/{toy.toy_id}").status_code == 404
    post(browser, "/sign-out", page="/account")
    sign_in(browser, "ola@example.org")
    assert "Inspection: asked" in browser.get(f"/toys/{toy.toy_id}").text


def test_the_owner_decides_the_one_task_and_the_other_stays(browser, toy):
    sign_in(browser, "ola@example.org")
    address = f"/tasks/{toy.task(ProcessKind.INSPECTION).id}"
    post(browser, f"{address}/claim", page=address)
    assert "How is it?" in browser.get(address).text
    answer = post(browser, f"{address}/decide", page=address, outcome=ToyState.FAILED)
    assert answer.status_code == 303
    assert toy.task(ProcessKind.INSPECTION).outcome == ToyState.FAILED
    assert toy.task(ProcessKind.RECALL).outcome is None


def test_two_capabilities_that_declare_the_same_name_are_refused():
    other = compose([CAPABILITY])
    with pytest.raises(ValueError, match="check_toy"):
        compose([CAPABILITY, type(other)("other", titles={"check_toy": "Something else"})])
