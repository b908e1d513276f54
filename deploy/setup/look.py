"""Style sheets, fonts and scripts of others: fetched by the lock file, copied to where the web app serves them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.setup.python_packages import NODE, install
from deploy.setup.step import ROOT, VENV, Step, run

MODULES = ROOT / "node_modules"
VENDOR = ROOT / "webapp" / "static" / "vendor"
USWDS = MODULES / "@uswds" / "uswds" / "dist"
HTMX = MODULES / "htmx.org" / "dist" / "htmx.min.js"
STYLES = ("css/uswds.min.css", "js/uswds.min.js", "js/uswds-init.min.js")
OLDEST_NODE = 20


def fetch() -> Step:
    """`npm ci`, with the Node of the machine or one from a wheel."""
    lock = [ROOT / "package-lock.json", ROOT / "package.json", ROOT / ".npmrc"]
    return Step("npm", "U.S. Web Design System and htmx", _fetch, lock, [VENDOR])


def copy() -> Step:
    """The few folders that pages use."""
    results = [VENDOR / "uswds" / "css" / "uswds.min.css", VENDOR / "htmx" / "htmx.min.js"]
    return Step("vendor", "Styles, fonts and scripts", _copy, [ROOT / "package-lock.json"], results)


def _fetch() -> None:
    npm = shutil.which("npm") if _node_is_new_enough() else None
    if npm is None:
        install(NODE)
        npm = str(VENV / "bin" / "npm")
    path = f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    run([npm, "ci", "--no-progress"], environment={**os.environ, "PATH": path})
    VENDOR.mkdir(parents=True, exist_ok=True)


def _copy() -> None:
    shutil.rmtree(VENDOR)
    for name in STYLES:
        target = VENDOR / "uswds" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(USWDS / name, target)
    for folder in ("fonts", "img"):
        shutil.copytree(USWDS / folder, VENDOR / "uswds" / folder)
    (VENDOR / "htmx").mkdir()
    shutil.copyfile(HTMX, VENDOR / "htmx" / HTMX.name)


def _node_is_new_enough() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)", shown.stdout)
    return version is not None and int(version[1]) >= OLDEST_NODE
