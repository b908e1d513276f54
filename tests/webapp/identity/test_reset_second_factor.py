"""The command for a person whose phone is lost."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from models.domain.core.permissions import Role
from tests.webapp.accounts import make_account, sign_in
from webapp.cli import reset_second_factor as command


@pytest.fixture
def run(database, settings, monkeypatch):
    monkeypatch.setattr(command, "command_settings", lambda: settings)
    return lambda email: CliRunner().invoke(command.reset_second_factor, [email])


def test_staff_who_lost_their_phone_set_up_another_one(database, client, run):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    assert run("ANA@example.org").exit_code == 0
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
    assert sign_in(client).headers["Location"] == "/account/second-factor"
    assert client.get("/account/second-factor").headers["Location"] == "/account/second-factor/set-up"


@pytest.mark.parametrize("email", ["nobody@example.org", "ana@example.org"])
def test_where_there_is_nothing_to_turn_off_it_says_so(database, run, email):
    make_account(database.app_engine)
    answer = run(email)
    assert answer.exit_code == 1
    assert "no account with a second step" in answer.output
