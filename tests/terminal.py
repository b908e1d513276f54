"""What a long run tells whoever watches it."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()
