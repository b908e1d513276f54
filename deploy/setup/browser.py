"""Chromium for the tests in a real browser: the one of the operating system."""

from __future__ import annotations

import os
import shutil

from deploy.setup.step import SetupError, run

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "chromium")


def find_browser() -> str | None:
    """The program, where there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure_browser() -> None:
    """Install Chromium where that is allowed; else name the command that does."""
    if find_browser():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetupError(f"The tests need Chromium: sudo {' '.join(INSTALL)}")
    print("Chromium is missing; installing it …", flush=True)
    run(["apt-get", "update"])
    run(INSTALL, environment={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
