"""`python -m deploy.lock`: the locked requirements, written anew from pyproject.toml, with hashes and no address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

UV = Path(".venv/bin/uv")
OPTIONS = ("--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url")
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["pyproject.toml", "--group", "dev", "--constraint", "requirements.txt"],
    "requirements-node.txt": ["--group", "node"],
}


def main() -> int:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    for target, sources in LOCKS.items():
        arguments = [*OPTIONS, "--no-emit-find-links", "--python-version", "3.11", "--quiet", *sources, "-o", target]
        done = subprocess.run([str(UV), "pip", "compile", *arguments, *sys.argv[1:]], env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
