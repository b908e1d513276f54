"""Commands of the product that the stack runs once while it starts: migrations, demo data, rebuild."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.components import log_file
from deploy.local.processes import StackError, die_with_parent


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands, with the folder of the code, the data folder and the environment they run in."""

    root: Path
    home: Path
    environment: Mapping[str, str]

    def migrate(self) -> None:
        self._run("migrate", ["models.migrations"])

    def seed(self) -> None:
        self._run("seed", ["webapp.cli", "seed"])

    def rebuild(self) -> None:
        self._run("rebuild", ["webapp.cli", "rebuild"])

    def _run(self, name: str, module: Sequence[str]) -> None:
        log = log_file(self.home, name)
        with log.open("ab") as out:
            done = subprocess.run(
                [*die_with_parent(signal.SIGKILL), sys.executable, "-m", *module],
                env={**os.environ, **self.environment},
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
            )
        if done.returncode:
            last = log.read_text(errors="replace").strip().splitlines()[-1:]
            raise StackError(f"{name} failed. See {log}: {''.join(last)}")
