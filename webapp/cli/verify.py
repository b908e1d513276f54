"""`cvms verify`: every invariant over the facts, a line each."""

from __future__ import annotations

import click

from models.postgres.database import make_engine, transaction
from models.queries.operations.invariants import check_invariants
from webapp.cli.env import command_settings


@click.command()
def verify() -> None:
    """Check every invariant over the facts; exit status 1 when one does not hold."""
    engine = make_engine(command_settings().database_url)
    with transaction(engine) as session:
        findings = check_invariants(session)
    for finding in findings:
        result = "ok    " if finding.violations == 0 else "BROKEN"
        note = "; ".join(
            part for part in (f"{finding.violations} rows" if finding.violations else "", finding.note) if part
        )
        click.echo(f"{result} {finding.id:<4} {finding.says}" + (f" ({note})" if note else ""))
    if any(finding.violations for finding in findings):
        raise SystemExit(1)
