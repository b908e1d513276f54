"""`python -m deploy.checks`: every check, one after the other; exit status 1 when one finds something."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from deploy.checks.costs import check_costs
from deploy.checks.migrations import check_migrations
from deploy.checks.translations import check_translations

BIN = Path(".venv/bin")


def tool(*arguments: str) -> bool:
    """True when a program of the virtual environment has nothing to say."""
    return subprocess.run([str(BIN / arguments[0]), *arguments[1:]], check=False).returncode == 0


CHECKS: dict[str, Callable[[], bool]] = {
    "style": partial(tool, "ruff", "check", "."),
    "format": partial(tool, "ruff", "format", "--check", "--quiet", "."),
    "types": partial(tool, "mypy"),
    "imports": partial(tool, "lint-imports", "--no-logo"),
    "costs": check_costs,
    "translations": check_translations,
    "migrations": partial(check_migrations, Path("build/migrations")),
    "architecture": partial(tool, "pytest", "-q", "tests/architecture"),
}


def main() -> int:
    failed = [name for name, check in CHECKS.items() if not _passes(name, check)]
    sys.stdout.write(f"Failed: {', '.join(failed)}\n" if failed else "All checks passed.\n")
    return 1 if failed else 0


def _passes(name: str, check: Callable[[], bool]) -> bool:
    sys.stdout.write(f"== {name}\n")
    sys.stdout.flush()
    began = time.monotonic()
    passed = check()
    sys.stdout.write(f"   {'ok' if passed else 'FAILED'} ({time.monotonic() - began:.1f} s)\n")
    return passed


if __name__ == "__main__":
    sys.exit(main())
