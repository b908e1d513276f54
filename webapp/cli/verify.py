"""`cvms verify`: every invariant over the facts, a line each."""

from __future__ import annotations

import time

import click
from sqlalchemy import Engine

from models.domain.core.calendar.service_hours import HOLIDAYS_AHEAD_DAYS
from models.postgres.database import make_engine, transaction
from models.queries.core.program import holidays_known_for
from models.queries.operations.invariants import Finding, check_invariants
from webapp.cli.env import command_settings, database_of

LOOK_AGAIN_AFTER = 0.5


@click.command()
@click.option("--wait", default=0.0, help="Look again for so many seconds while one does not hold.")
def verify(wait: float) -> None:
    """Check every invariant over the facts; exit status 1 when one does not hold."""
    engine = make_engine(database_of(command_settings()))
    findings, known_days = _look(engine)
    until = time.monotonic() + wait
    while any(finding.violations for finding in findings) and time.monotonic() < until:
        time.sleep(LOOK_AGAIN_AFTER)
        findings, known_days = _look(engine)
    for finding in findings:
        result = "ok    " if finding.violations == 0 else "BROKEN"
        note = "; ".join(
            part for part in (f"{finding.violations} rows" if finding.violations else "", finding.note) if part
        )
        click.echo(f"{result} {finding.id:<4} {finding.says}" + (f" ({note})" if note else ""))
    if known_days < HOLIDAYS_AHEAD_DAYS:
        click.echo(f"note        the list of state holidays ends in {known_days} days; add its next year")
    if any(finding.violations for finding in findings):
        raise SystemExit(1)


def _look(engine: Engine) -> tuple[list[Finding], int]:
    with transaction(engine) as session:
        return check_invariants(session), holidays_known_for(session)
