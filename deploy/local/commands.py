"""Commands of the product that the stack runs once while it starts: migrations, demo data, rebuild."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.components import log_file
from deploy.local.environments import environment_of, without_ours
from deploy.local.privacy import PRIVATE_UMASK
from deploy.local.processes import StackError, die_with_parent, open_log

SETTLES_WITHIN = 15
"""Seconds that the first steps of the processes may take before the start counts as done."""


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands, with the folder of the code, the data folder and the environment they run in."""

    root: Path
    home: Path
    environment: Mapping[str, str]

    def migrate(self) -> None:
        self._run("migrate", ["models.migrations"])

    def seed(self) -> str:
        """Demo data where there is none yet; returns what was done, in a line."""
        return self._run("seed", ["webapp.cli", "seed", "--if-empty"])

    def rebuild(self) -> None:
        self._run("rebuild", ["webapp.cli", "rebuild"])

    def settle(self) -> None:
        """Wait a little until every invariant holds; whoever looks later finds out the same by `cvms verify`."""
        with contextlib.suppress(StackError):
            self._run("verify", ["webapp.cli", "verify", "--wait", str(SETTLES_WITHIN)])

    def _run(self, name: str, module: Sequence[str]) -> str:
        """Run one to its end; returns the last line that it wrote."""
        log = log_file(self.home, name)
        with open_log(log) as out:
            done = subprocess.run(
                [*die_with_parent(signal.SIGKILL), sys.executable, "-m", *module],
                env={**without_ours(os.environ), **environment_of(name, self.environment)},
                umask=PRIVATE_UMASK,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
            )
        last = "".join(log.read_text(errors="replace").strip().splitlines()[-1:])
        if done.returncode:
            raise StackError(f"{name} failed. See {log}: {last}")
        return last
