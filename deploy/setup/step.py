"""One step of the set-up, done again only when what it is made from has changed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LAST_LINES = 15


class SetupError(Exception):
    """The set-up cannot go on; the message says in one line what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, from which files it is made, and what must be there afterwards."""

    name: str
    title: str
    do: Callable[[], None]
    sources: Sequence[Path]
    results: Sequence[Path] = ()

    @property
    def done(self) -> bool:
        stamp = STAMPS / self.name
        return stamp.exists() and stamp.read_text() == self._digest() and all(path.exists() for path in self.results)

    def finish(self) -> None:
        """Do it and remember from what."""
        self.do()
        STAMPS.mkdir(parents=True, exist_ok=True)
        (STAMPS / self.name).write_text(self._digest())

    def _digest(self) -> str:
        """Of the contents: a fresh checkout has new times and the same files."""
        digest = hashlib.sha256()
        for source in self.sources:
            digest.update(source.read_bytes())
        return digest.hexdigest()


def run(arguments: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, expected: int = 0) -> None:
    """Run a program; show how far it is where somebody watches; show its last lines when it fails."""
    process = subprocess.Popen(
        [str(argument) for argument in arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        _show_count(sum(known.startswith("Collecting ") for known in lines), expected)
    _show_count(0, 0)
    if process.wait():
        sys.stderr.writelines(lines[-LAST_LINES:])
        raise SetupError(
            f"{Path(arguments[0]).name} failed with exit status {process.returncode}; its last words stand above."
        )


def _show_count(done: int, expected: int) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K    {done} of {expected} …\r" if done else "\r\033[K", end="", flush=True)
