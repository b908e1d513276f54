"""`python -m models.migrations`: bring the database of CVMS_OWNER_DATABASE_URL to the newest revision."""

from __future__ import annotations

import os
import sys

from models.migrations import upgrade
from models.running.settings import UnsafeSettings, load_settings


def main() -> int:
    """Exit status 0 when the database is at the newest revision."""
    try:
        settings = load_settings(os.environ)
    except UnsafeSettings as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    if not settings.owner_database_url:
        sys.stderr.write("CVMS_OWNER_DATABASE_URL is not set\n")
        return 2
    upgrade(settings.owner_database_url)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
