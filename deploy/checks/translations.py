"""The catalogs against the strings of the code and the templates."""

from __future__ import annotations

import subprocess
from pathlib import Path

FOLDER = Path("webapp/translations")
TEMPLATE = Path("build/messages.pot")
PYBABEL = ".venv/bin/pybabel"
UPDATE = ["update", "-i", str(TEMPLATE), "-d", str(FOLDER), "--no-fuzzy-matching", "--ignore-obsolete"]


def extract() -> bool:
    """Collect every string that is shown to people."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    options = ["-F", "babel.cfg", "-k", "_l", "-k", "lazy_gettext", "--no-location", "--sort-output"]
    return _pybabel(["--quiet", "extract", *options, "-o", str(TEMPLATE), "."])


def update() -> bool:
    """Bring the catalogs up to the strings, for a translator to fill in."""
    return extract() and (not any(_catalogs()) or _pybabel(UPDATE))


def check_translations() -> bool:
    """True when no catalog lacks a string or has one too many."""
    return extract() and (not any(_catalogs()) or _pybabel([*UPDATE, "--check", "--ignore-pot-creation-date"]))


def _catalogs() -> list[Path]:
    return list(FOLDER.glob("*/LC_MESSAGES/*.po"))


def _pybabel(arguments: list[str]) -> bool:
    return subprocess.run([PYBABEL, *arguments], check=False).returncode == 0
