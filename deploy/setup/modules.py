"""Compiled modules, so that a process starts in half the time where it may not write them itself."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.setup.python_packages import RUNTIME, TOOLS
from deploy.setup.step import PYTHON, ROOT, VENV, Step

ROOMS = ("models", "activities", "workflows", "webapp", "deploy")


def compiled(goal: str) -> Step:
    """Our own modules and those of the packages; what is compiled already is passed over."""
    own = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    return Step(f"compiled-{goal}", "Compiled modules", _compile_all, [RUNTIME, TOOLS, *own])


def compile_folders(folders: Sequence[Path]) -> None:
    """Compile what can be; a package may hold a file for another Python, which nobody loads."""
    command = [str(PYTHON), "-m", "compileall", "-q", "-j", "0", *map(str, folders)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _compile_all() -> None:
    compile_folders([VENV / "lib", *(ROOT / room for room in ROOMS)])
