"""`cvms up`: the whole system on this machine."""

from __future__ import annotations

import os

import click

from deploy.local.processes import StackError
from deploy.local.stack import PARTS, Plan, run_stack, unknown_parts
from models.running.settings import Environment, UnsafeSettings, load_settings

OWN_CHOICE = ("CVMS_SECRET_KEY", "CVMS_PUBLIC_URL", "CVMS_SMTP_URL")


@click.command()
@click.option("--components", default=",".join(PARTS), show_default=True, help="The parts to start.")
@click.option("--demo/--no-demo", default=True, show_default=True, help="Make demo data on the first start.")
def up(components: str, demo: bool) -> None:
    """Start the whole system on this machine and stop it with Ctrl-C."""
    parts = frozenset(part.strip() for part in components.split(",") if part.strip())
    if problem := unknown_parts(parts):
        raise click.BadParameter(problem, param_hint="--components")
    try:
        run_stack(_plan(parts, demo=demo), click.echo)
    except (StackError, UnsafeSettings) as problem_met:
        raise click.ClickException(str(problem_met)) from problem_met


def _plan(parts: frozenset[str], *, demo: bool) -> Plan:
    if os.environ.get("CVMS_ENV") == Environment.PRODUCTION:
        raise StackError("This stack is for one machine and has plain connections: it does not run in production mode.")
    settings = load_settings(os.environ)
    chosen = {name: os.environ[name] for name in OWN_CHOICE if name in os.environ}
    return Plan(settings.home, settings.port, settings.pg_bin, parts, demo, chosen)
