"""`cvms rebuild`: another life, from the facts, for every open process that does not run, or runs and is deaf."""

from __future__ import annotations

import time
from uuid import UUID

import click
from sqlalchemy import Engine

from models.domain.core.actors import SYSTEM
from models.postgres.database import make_engine, transaction
from models.queries.core.processes import (
    census_completed_at,
    count_unheard,
    deaf_processes,
    lost_processes,
    open_processes,
)
from models.store.core.act import Act
from models.store.operations.census import request_census
from models.store.operations.rebuild import in_portions, rebuild_processes
from webapp.cli.env import command_settings, database_of

CENSUS_TAKES_AT_MOST = 60.0
LOOK_AGAIN_AFTER = 0.2


@click.command()
@click.option("--process", "chosen", type=click.UUID, help="Start this open process again, although it runs.")
def rebuild(chosen: UUID | None) -> None:
    """Start again every open process that does not run, or is deaf for minutes; twice starts nothing twice."""
    engine = make_engine(database_of(command_settings()))
    lost = _open(engine, chosen) if chosen else _lost(engine)
    started = 0
    for portion in in_portions(lost):
        with transaction(engine) as session:
            started += rebuild_processes(Act(session, SYSTEM), process_ids=portion)
    click.echo(f"{started} processes start again from the facts." if started else "Every open process runs.")


def _lost(engine: Engine) -> list[UUID]:
    """What the census does not find, and what it sees running but hears nothing; not while ever fewer are unheard."""
    with transaction(engine) as session:
        before = count_unheard(session)
    census = _count(engine)
    with transaction(engine) as session:
        deaf = deaf_processes(session) if count_unheard(session) >= before else []
        return [*lost_processes(session, census), *deaf]


def _open(engine: Engine, process_id: UUID) -> list[UUID]:
    with transaction(engine) as session:
        if process_id not in open_processes(session):
            raise click.ClickException("There is no open process with this id.")
    return [process_id]


def _count(engine: Engine) -> int:
    """Have the worker count what runs, and wait for the result."""
    with transaction(engine) as session:
        census = request_census(session)
    until = time.monotonic() + CENSUS_TAKES_AT_MOST
    while time.monotonic() < until:
        with transaction(engine) as session:
            if census_completed_at(session, census):
                return census
        time.sleep(LOOK_AGAIN_AFTER)
    raise click.ClickException("The worker did not answer: is it running, and does it reach Temporal?")
