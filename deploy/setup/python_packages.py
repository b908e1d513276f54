"""The virtual environment, the locked packages in it, and this project itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from deploy.setup.step import PYTHON, ROOT, VENV, SetupError, Step, run

RUNTIME = ROOT / "requirements.txt"
TOOLS = ROOT / "requirements-dev.txt"
NODE = ROOT / "requirements-node.txt"


def packages() -> Step:
    """What the product needs to run."""
    return Step("packages", "Python packages", lambda: install(RUNTIME), [RUNTIME], [PYTHON])


def tools() -> Step:
    """What tests and checks need on top."""
    return Step("tools", "Tools for tests and checks", lambda: install(TOOLS), [TOOLS], [VENV / "bin" / "pytest"])


def project() -> Step:
    """The command `cvms`, from this folder as it is."""
    return Step("project", "The command cvms", _install_project, [ROOT / "pyproject.toml"], [VENV / "bin" / "cvms"])


def install(locked: Path) -> None:
    """Install exactly what a locked file lists."""
    if not PYTHON.exists():
        _make_environment()
    expected = locked.read_text().count("==")
    arguments = ["--require-hashes", "--progress-bar", "off", "--disable-pip-version-check", "-r", str(locked)]
    run([PYTHON, "-m", "pip", "install", *arguments], expected=expected)


def _install_project() -> None:
    # Nothing is fetched: the build tool is among the locked packages.
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    run([PYTHON, "-m", "pip", "install", *options, "--config-settings", "editable_mode=compat", "-e", "."])


def _make_environment() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        raise SetupError("This Python cannot make a virtual environment. On Debian: sudo apt-get install python3-venv")
