"""`cvms up`: the whole system on this machine."""

from __future__ import annotations

import os

import click

from deploy.local.processes import StackError
from deploy.local.servers.outside import OF_A_DATABASE
from deploy.local.stack import PARTS, Plan, run_stack, unknown_parts
from models.running.settings import Environment, UnsafeSettings
from webapp.cli.env import settings_from

OF_THE_STACK = frozenset({"CVMS_HOME", "CVMS_PORT", "CVMS_URL", "CVMS_MAIL_URL", *OF_A_DATABASE})
"""What the stack decides itself, or what `outside` says; every other setting of ours is passed on."""


@click.command()
@click.option("--components", default=",".join(PARTS), show_default=True, help="The parts to start.")
@click.option(
    "--demo/--no-demo",
    default=None,
    help="Make demo data on the first start; by default, in a database of its own only.",
)
def up(components: str, demo: bool | None) -> None:
    """Start the whole system on this machine and stop it with Ctrl-C.

    A database or a Temporal whose address is set is used from there: DATABASE_URL, TEMPORAL_ADDRESS.
    """
    parts = frozenset(part.strip() for part in components.split(",") if part.strip())
    if problem := unknown_parts(parts):
        raise click.BadParameter(problem, param_hint="--components")
    try:
        run_stack(_plan(parts, demo=demo), click.echo)
    except (StackError, UnsafeSettings) as problem_met:
        raise click.ClickException(str(problem_met)) from problem_met


def _plan(parts: frozenset[str], *, demo: bool | None) -> Plan:
    if os.environ.get("CVMS_ENV") == Environment.PRODUCTION:
        raise StackError("This stack is for one machine and has plain connections: it does not run in production mode.")
    settings = settings_from(os.environ)
    chosen = {name: value for name, value in os.environ.items() if name.startswith("CVMS_")}
    chosen = {name: value for name, value in chosen.items() if name not in OF_THE_STACK}
    return Plan(settings.home, settings.port, settings.pg_bin, parts, demo, chosen, os.environ)
