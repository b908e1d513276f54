"""How loud the loggers of the worker's libraries are; the form of the lines is that of every process of ours."""

from __future__ import annotations

import logging

from models.running import log_lines


def configure() -> None:
    """Send this process's log lines to standard output as JSON."""
    log_lines.configure(level=logging.INFO)
    log_lines.take_over_failures()
    # Its line for each failed try quotes messages; ours stands in failures.py.
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
