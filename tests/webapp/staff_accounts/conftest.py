"""An administrator before the accounts, and people whose accounts they are."""

from __future__ import annotations

import pytest

from models.domain.core.permissions import Role
from tests.webapp.accounts import make_account, sign_in


@pytest.fixture
def ada(client, database):
    """The administrator's browser."""
    client.ada_id = make_account(database.app_engine, "ada@state.example", role=Role.ADM, name="Ada Park")
    sign_in(client, "ada@state.example")
    return client


@pytest.fixture
def maria(app, database):
    """A reviewer's browser."""
    client = app.test_client()
    client.account_id = make_account(
        database.app_engine, "maria@state.example", role=Role.REV, team="enrollment", name="Maria Lopez"
    )
    sign_in(client, "maria@state.example")
    return client
