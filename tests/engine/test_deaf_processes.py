"""A process that runs and hears nothing (O5): it is seen by its news' own age, and another life takes its place."""

from __future__ import annotations

import time

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.domain.enrollment.lifecycle import NextStep
from models.postgres.database import transaction
from models.queries.core.processes import DEAF_AFTER, deaf_processes
from models.queries.operations.invariants import check_invariants
from models.queries.operations.system import stalled_processes
from models.store.core.act import Act
from tests.engine.running import LivingStory, alive
from tests.engine.test_relay import Bells, begin, look_again, published, row
from tests.temporal import eventually
from webapp.cli import rebuild as rebuild_command
from workflows.engine.census import Census, RunningProcesses
from workflows.engine.relay import Relay

AGED = """
UPDATE processes SET {}; UPDATE news SET created_at = created_at - interval '{} s'
"""
OF_PROCESSES = ("rung_at", "generation_at", "updated_at", "created_at")


@pytest.fixture
def relay(database):
    made = Relay(database.worker_engine, Bells())
    yield made
    made.close()


def let_pass(database, seconds: int) -> None:
    """So much time has gone by for everything that is written down."""
    columns = ", ".join(f"{name} = {name} - interval '{seconds} s'" for name in OF_PROCESSES)
    with transaction(database.owner_engine) as session:
        session.execute(text(AGED.format(columns, seconds)))


def unheard_findings(database) -> int:
    with transaction(database.app_engine) as session:
        return sum(one.violations for one in check_invariants(session) if "heard within" in one.says)


def test_O5_ringing_again_does_not_make_old_news_look_fresh(database, relay):
    process_id = begin(database)
    relay.round()
    let_pass(database, 61)
    for _ in range(3):
        look_again(relay)
        assert unheard_findings(database) == 1
    assert row(database, process_id).delivered == 1
    with transaction(database.app_engine) as session:
        assert [one.process_id for one in stalled_processes(session) if one.unheard] == [process_id]


def test_O5_a_process_that_is_deaf_for_minutes_gets_another_life_by_itself(database, relay):
    process_id = begin(database)
    relay.round()
    let_pass(database, int(DEAF_AFTER.total_seconds()) + 1)
    look_again(relay)
    assert row(database, process_id).generation == 1, "a relay that has just begun rings again first"
    relay._began = time.monotonic() - DEAF_AFTER.total_seconds() - 1
    look_again(relay)
    assert row(database, process_id).generation == 2
    look_again(relay)
    assert row(database, process_id).generation == 2, "the new life gets its own minutes"


def test_O5_what_waits_its_turn_or_was_not_delivered_is_not_deaf(database, relay):
    """Temporal was away for an hour: nothing was delivered, and the processes are well."""
    begin(database)
    let_pass(database, 3600)
    with transaction(database.app_engine) as session:
        assert deaf_processes(session) == []


def test_O5_rebuilding_replaces_a_deaf_process_that_the_census_sees(database, relay, settings, monkeypatch):
    process_id = begin(database)
    published(database, process_id)
    relay.round()
    let_pass(database, int(DEAF_AFTER.total_seconds()) + 1)
    monkeypatch.setattr(rebuild_command, "command_settings", lambda: settings)
    known = row(database, process_id)
    running = [(known.kind, known.entity_id, 1)]

    def counted(engine) -> int:
        counter = Census(engine, lambda: running)
        monkeypatch.setattr(rebuild_command, "CENSUS_TAKES_AT_MOST", 5)
        with transaction(engine) as session:
            number = rebuild_command.request_census(session)
        Census(database.worker_engine, counter._count).take()
        return number

    monkeypatch.setattr(rebuild_command, "_count", counted)
    said = CliRunner().invoke(rebuild_command.rebuild, [])
    assert "1 processes start again" in said.output, said.output
    assert "Every open process runs" in CliRunner().invoke(rebuild_command.rebuild, []).output


def test_O5_the_life_that_was_replaced_is_ended_and_the_new_one_goes_on(time_skipping, database):
    """The older life runs on and is never rung again, so it would not find out by itself."""
    with alive(time_skipping, database):
        story = LivingStory(database)
        story.apply()
        old = time_skipping.client.get_workflow_handle(story.workflow_id())
        with transaction(database.worker_engine) as session:
            rebuild_command.rebuild_processes(Act(session, SYSTEM), process_ids=[story.row().id])
        assert story.process() is NextStep.REVIEW
        running = RunningProcesses(time_skipping.client, time_skipping.loop)
        counter = Census(database.worker_engine, running, running.end)

        def only_the_new_one_runs() -> bool:
            counter.take()
            return time_skipping.do(old.describe()).status.name == "TERMINATED"

        eventually(only_the_new_one_runs)
        new = time_skipping.client.get_workflow_handle(story.workflow_id())
        assert time_skipping.do(new.describe()).status.name == "RUNNING"
