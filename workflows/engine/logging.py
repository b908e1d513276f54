"""Log lines of the worker as JSON on standard output; a failure is its type and its frames, never its words."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
from structlog.types import EventDict, WrappedLogger


def configure() -> None:
    """Send this process's log lines to standard output as JSON."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_failure,
    ]
    last: list[structlog.types.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # Its line for each failed try quotes messages; ours stands in failures.py.
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def describe_failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its type and its frames: a message may quote what a person typed."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return event
