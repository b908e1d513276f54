"""The way to run a program that refuses to run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NOBODY = "nobody"
NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")


@dataclass(frozen=True, slots=True)
class Unprivileged:
    """What goes before the program on the command line, and the user it runs as; neither where we are not root."""

    prefix: tuple[str, ...] = ()
    user: str | None = None

    def own(self, folder: Path) -> None:
        """Give a folder with all that is in it to that user."""
        if self.user:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, self.user)


def leave_root() -> Unprivileged:
    """A user namespace of its own, from which a private home folder can be read, or else the user `nobody`."""
    if os.geteuid() != 0:
        return Unprivileged()
    return Unprivileged(prefix=NAMESPACE) if _namespaces_work() else Unprivileged(user=NOBODY)


def _namespaces_work() -> bool:
    if shutil.which(NAMESPACE[0]) is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
