"""The command that makes an account."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.queries.identity.accounts import find_account_by_email
from models.store.core.mail.messages import open_secrets
from models.tables.core.messages import Message
from tests.webapp.accounts import PASSWORD
from webapp.cli import COMMANDS, main
from webapp.cli import create_user as command


@pytest.fixture
def run(database, settings, monkeypatch):
    monkeypatch.setattr(command, "command_settings", lambda: settings)

    def call(*arguments, typed=None):
        return CliRunner().invoke(command.create_user, list(arguments), input=typed)

    return call


def find(database, email):
    with transaction(database.app_engine) as session:
        return find_account_by_email(session, email)


def test_staff_get_a_role_in_a_team_and_an_invitation(database, run):
    answer = run("rev@example.org", "--name", "Rev", "--role", "REV", "--team", "enrollment", "--language", "es")
    assert (answer.exit_code, answer.output) == (
        0,
        "rev@example.org has an account now. An invitation is on its way.\n",
    )
    account = find(database, "rev@example.org")
    assert [(grant.role, grant.scope_id) for grant in account.grants] == [(Role.REV, "enrollment")]
    assert not account.may_sign_in
    with transaction(database.owner_engine) as session:
        mail = session.query(Message).one()
        assert (mail.template, mail.language) == ("account_invitation", "es")
        assert open_secrets(mail)["path"].startswith("/account/invitation/")


def test_A6_text_of_the_command_line_is_kept_without_what_cannot_be_seen(database, run):
    run("\u200brev@example.org\u202c", "--name", "\ufeffRev\u202e Lane")
    assert find(database, "rev@example.org").name == "Rev Lane"
    with transaction(database.owner_engine) as session:
        assert session.query(Message).one().to_address == "rev@example.org"


def test_A6_a_name_that_cannot_be_seen_is_no_name(run):
    assert run("rev@example.org", "--name", "\u200b\u2060").exit_code == 2


def test_A6_every_free_text_of_the_command_line_is_cleaned():
    # `--head` is a hash and `--components` names parts: both are only compared.
    compared = {"head", "components"}
    free = [
        (command.name, given.name)
        for place in COMMANDS
        for command in [main.get_command(click.Context(main), place)]
        for given in command.params
        if given.type is click.STRING and given.name not in compared
    ]
    assert free == []


def test_A18_one_word_is_a_whole_name_on_the_command_line(database, run):
    assert run("su@example.org", "--name", "Sukarno").exit_code == 0
    assert find(database, "su@example.org").name == "Sukarno"


def test_a_password_from_standard_input_makes_the_account_ready(database, run):
    answer = run("ana@example.org", "--name", "Ana", "--password-stdin", typed=PASSWORD + "\n")
    assert answer.exit_code == 0
    assert find(database, "ana@example.org").may_sign_in


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("ana", "--name", "Ana"), None, "email address"),
        (("ana@example.org", "--name", "Ana", "--password-stdin"), "short\n", "characters or more"),
        (("ana@example.org", "--name", "Ana", "--role", "REV", "--organization", "x"), None, "UUID"),
        (("ana@example.org", "--name", "Ana", "--role", "ORG"), None, "cannot be given there"),
        (("ana@example.org", "--name", "Ana", "--role", "XYZ"), None, "XYZ"),
        (("ana@example.org",), None, "--name"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words_and_nothing_is_made(database, run, arguments, typed, words):
    answer = run(*arguments, typed=typed)
    assert answer.exit_code != 0
    assert words in answer.output
    assert "Traceback" not in answer.output
    assert find(database, "ana@example.org") is None


def test_a_second_account_for_an_address_is_refused(database, run):
    run("ana@example.org", "--name", "Ana")
    answer = run("ANA@example.org", "--name", "Ana")
    assert answer.exit_code == 1
    assert "already an account" in answer.output
