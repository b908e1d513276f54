"""The command line `cvms`. Each command is a module of this package and is imported when it is called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module

import click

OWNER_ONLY = 0o077
"""The umask of every command: a backup, an export, a log are nobody else's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives, as `module:name`, and what it does in one line."""

    place: str
    summary: str


COMMANDS = {
    "up": Entry("webapp.cli.up:up", "Start the whole system on this machine."),
    "env": Entry("webapp.cli.env:env", "Print the addresses of the running stack as shell assignments."),
    "seed": Entry("webapp.cli.seed:seed", "Fill the database with demo data."),
    "verify": Entry("webapp.cli.verify:verify", "Check every invariant over the facts."),
    "rebuild": Entry("webapp.cli.rebuild:rebuild", "Start again every open process that does not run or hear."),
    "audit-export": Entry("webapp.cli.audit_export:audit_export", "Write the audit trail with its proof, or prove it."),
    "backup": Entry("webapp.cli.backup:backup", "Write the whole database to a folder."),
    "restore": Entry("webapp.cli.restore:restore", "Bring a backup back into an empty database."),
    "create-user": Entry("webapp.cli.create_user:create_user", "Make an account with its roles."),
    "reset-second-factor": Entry(
        "webapp.cli.reset_second_factor:reset_second_factor",
        "Turn off the second step of a person whose phone is lost.",
    ),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.place.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Whatever a command fails of is one line and exit status 1; what it writes is its owner's alone."""
        os.umask(OWNER_ONLY)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as problem:
            failures = import_module("webapp.cli.failures")
            if os.environ.get(failures.SHOW_TRACEBACK):
                raise
            raise click.ClickException(failures.in_one_line(problem)) from problem

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.command(cls=LazyGroup)
def main() -> None:
    """Run and look after the vaccine management system."""
