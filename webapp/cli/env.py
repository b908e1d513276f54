"""`cvms env`, and the surroundings of every other command: the environment, completed by the running stack."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from deploy.local.lease import running_stack
from models.running.settings import Settings, load_settings

SHOWN = ("DATABASE_URL", "TEMPORAL_ADDRESS", "CVMS_URL", "CVMS_SMTP_URL", "CVMS_MAIL_URL")


@click.command()
def env() -> None:
    """Print the addresses of the running stack as shell assignments."""
    home = _home()
    stack = running_stack(home)
    if stack is None:
        raise click.ClickException(f"No stack runs with the data in {home}. Start one with make run.")
    for name in SHOWN:
        click.echo(f"{name}={shlex.quote(str(stack[name]))}")


def surroundings() -> dict[str, str]:
    """The environment; what it lacks is taken from the stack that runs in the data folder, if one does."""
    stack = running_stack(_home()) or {}
    return {name: value for name, value in stack.items() if isinstance(value, str)} | dict(os.environ)


def command_settings() -> Settings:
    """The settings of a command."""
    return load_settings(surroundings())


def _home() -> Path:
    return load_settings(os.environ).home
