"""The data folder is its owner's alone, with everything in it: also what an older version has left open."""

from __future__ import annotations

import os
import stat
from pathlib import Path

PRIVATE_UMASK = 0o077
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(home: Path, *, passable: bool = False) -> None:
    """Make the folder, and close it and its files to everybody else.

    `passable` leaves a way through it for a program that runs as another user and has a folder of its own in there.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o711 if passable else 0o700)
    own = os.geteuid()
    for folder, folders, files in os.walk(home):
        # What belongs to PostgreSQL is closed by itself, and may belong to another user.
        folders[:] = [name for name in folders if not (Path(folder) == home and name == "postgres")]
        for path in (Path(folder) / name for name in (*folders, *files)):
            _close(path, own)


def _close(path: Path, own: int) -> None:
    found = path.lstat()
    if found.st_uid == own and not stat.S_ISLNK(found.st_mode) and found.st_mode & OTHERS:
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
