"""`cvms env`, and the surroundings of every other command: the environment, completed by the running stack."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
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
        raise click.ClickException(no_stack(home))
    for name in SHOWN:
        if name in stack:
            click.echo(f"{name}={shlex.quote(str(stack[name]))}")


def surroundings() -> dict[str, str]:
    """The environment; what it lacks is taken from the stack that runs in the data folder, if one does."""
    stack = running_stack(_home()) or {}
    return {name: value for name, value in stack.items() if isinstance(value, str)} | dict(os.environ)


def command_settings() -> Settings:
    """The settings of a command."""
    return settings_from(surroundings())


def database_of(settings: Settings) -> str:
    """The address of the database; refused in one line when none is set and no stack runs."""
    if not settings.database_url:
        raise click.ClickException(f"{no_stack(settings.home)} Or set DATABASE_URL.")
    return settings.database_url


def no_stack(home: Path) -> str:
    """What to say where nothing runs."""
    return f"No stack runs with the data in {home}. Start one with make run."


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Settings of a command; a value that cannot be read is refused in one line."""
    try:
        return load_settings(environ)
    except ValueError as problem:
        raise click.ClickException(f"A setting cannot be read: {problem}.") from None


def _home() -> Path:
    return settings_from(os.environ).home
