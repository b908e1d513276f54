"""Log lines as JSON, one for each event, whoever wrote it; without the words of failures and what others quote."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType
from uuid import UUID

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from models.running.settings import UnsafeSettings

log = structlog.get_logger("process")

MASK = "…"


def configure(*, level: int) -> None:
    """Send this process's log lines to standard output as JSON."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_failure,
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter(shared))
    logging.basicConfig(level=level, handlers=[handler])
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def formatter(shared: list[Processor]) -> structlog.stdlib.ProcessorFormatter:
    """One JSON object for a line; JSON escapes what could end a line or paint a terminal."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[mask_values, *shared],
        pass_foreign_args=True,
        use_get_message=False,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )


def take_over_failures() -> None:
    """Let warnings, and failures that nobody caught, become lines too; Python's own would span several."""
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda failed: log.critical("uncaught in a thread", exc_info=failed.exc_value)
    sys.unraisablehook = lambda failed: log.error("uncaught while tidying up", exc_info=failed.exc_value)


def describe_failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its type and its frames: a message may quote what a person typed."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return event


def mask_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's line: its own words with numbers and ids; other values may be an address with a token in it."""
    values = event.pop("positional_args", None)
    if values:
        event["event"] = _filled_in(str(event["_record"].msg), values)
    return event


def _filled_in(words: str, values: object) -> str:
    try:
        if isinstance(values, dict):
            return words % {name: _masked(value) for name, value in values.items()}
        if isinstance(values, tuple):
            return words % tuple(_masked(value) for value in values)
    except (TypeError, ValueError, KeyError):
        return words
    return words


def _masked(value: object) -> object:
    return value if isinstance(value, int | float | UUID) else MASK


def log_refusal(refused: UnsafeSettings) -> None:
    """A process that must not start with its settings says why, in its own words and in one line."""
    log.critical("refused to start", reason=str(refused))


def _log_uncaught(_kind: type[BaseException], error: BaseException, _frames: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    if isinstance(error, UnsafeSettings):
        log_refusal(error)
        return
    log.critical("uncaught", exc_info=error)
