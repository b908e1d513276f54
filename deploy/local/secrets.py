"""The passwords and the key of one local stack: made once, kept in its data folder for its owner alone."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from deploy.local.processes import StackError

NAMES = ("postgres", "cvms_owner", "cvms_app", "cvms_worker", "secret_key")


def load_secrets(folder: Path) -> dict[str, str]:
    """The secrets of the stack in this folder; what is missing is made and kept."""
    file = folder / "secrets.json"
    known = _read(file) if file.exists() else {}
    missing = {name: secrets.token_urlsafe(32) for name in NAMES if name not in known}
    if missing:
        known |= missing
        write_private(file, json.dumps(known, indent=2))
    return known


def _read(file: Path) -> dict[str, str]:
    """What is kept there; whoever made new ones would lock the old data away, so a broken file is refused."""
    try:
        known = json.loads(file.read_text())
    except ValueError:
        known = None
    if not isinstance(known, dict) or not all(isinstance(secret, str) and secret for secret in known.values()):
        raise StackError(
            f"{file} is cut or not readable. Put a copy of it back: "
            f"without it the data in {file.parent} cannot be opened."
        )
    return known


def write_private(file: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
