"""Demo data goes into an empty database only, and nothing leads to the loss of what was restored (O2)."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.queries.operations.fingerprints import fingerprints
from models.store.core.act import Act
from models.store.operations.restore import settle_restored
from tests.drill_on_one_machine import documented_commands
from tests.enrollment_story import EnrollmentStory
from webapp.cli import COMMANDS, main
from webapp.cli import seed as seed_command


@pytest.fixture
def seed(settings, monkeypatch, tmp_path):
    chosen = dataclasses.replace(settings, home=tmp_path / "home")
    monkeypatch.setattr(seed_command, "command_settings", lambda: chosen)
    return lambda *options: CliRunner().invoke(seed_command.seed, options)


def rows(database):
    with transaction(database.owner_engine) as session:
        return fingerprints(session)


@pytest.mark.parametrize("options", [(), ("--if-empty",), ("--fresh",)])
@pytest.mark.parametrize("origin", ["begun here", "restored"])
def test_O2_whatever_is_there_stays(database, seed, options, origin):
    EnrollmentStory(database)
    if origin == "restored":
        with transaction(database.owner_engine) as session:
            session.execute(text("UPDATE audit SET cause_key = 'demo/' || id"))
            settle_restored(Act(session, SYSTEM, uuid4().hex))
    before = rows(database)
    said = seed(*options)
    assert said.exit_code == (0 if options == ("--if-empty",) else 1), said.output
    assert len(said.output.splitlines()) == 1
    assert "fresh" not in said.output
    assert "replaces" not in said.output
    assert rows(database) == before


def test_O2_a_restored_database_without_anybody_in_it_gets_no_demo_data(database, seed):
    with transaction(database.owner_engine) as session:
        settle_restored(Act(session, SYSTEM, uuid4().hex))
    assert "no demo data is added" in seed("--if-empty").output


def test_O2_demo_data_goes_into_an_empty_database_and_may_be_replaced(database, seed):
    assert "Demo data is in" in seed("--if-empty").output
    assert "no demo data is added" in seed("--if-empty").output
    assert "Demo data is in" in seed("--fresh").output


def test_O13_demo_data_waits_since_now_only(database, seed):
    """What the processes have to take in at the first start is not days old."""
    seed()
    late = """SELECT count(*) FROM news n JOIN processes p ON p.id = n.process_id
        WHERE n.number > p.heard AND n.created_at < now() - interval '60 s'"""
    with transaction(database.owner_engine) as session:
        assert session.execute(text(late)).scalar_one() == 0
        old = "SELECT count(*) FROM processes WHERE generation_at < now() - interval '60 s'"
        assert session.execute(text(old)).scalar_one() == 0


def test_O2_every_command_of_the_page_exists():
    """The drill gives them; here it is seen at once when one is misspelled."""
    given = [line.partition("cvms ")[2].split() for line in documented_commands() if "cvms " in line]
    assert [words[0] for words in given] == ["backup", "up", "restore", "up", "rebuild", "verify"]
    for name, *words in given:
        assert name in COMMANDS
        command = main.get_command(click.Context(main), name)
        assert command is not None
        command.make_context(name, list(words), resilient_parsing=False)
