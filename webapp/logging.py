"""Log lines as JSON: one for each request, by its route and never by its address, and one for each failure."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from structlog.types import EventDict, WrappedLogger

log = structlog.get_logger("webapp")


def init_app(app: Flask) -> None:
    """Give every request an id and a line, and every other logger the same form."""
    configure()
    app.before_request(begin_request)
    app.after_request(log_request)


def configure() -> None:
    """Send this process's log lines to standard output as JSON."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_failure,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("webapp").setLevel(logging.INFO)
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


def begin_request() -> None:
    """An id that the help desk can find the request by."""
    g.request_id = uuid4().hex
    g.began = time.perf_counter()


def request_id() -> str:
    """The id of this request; also there when the request failed before it had one."""
    if "request_id" not in g:
        begin_request()
    return str(g.request_id)


def log_request(response: Response) -> Response:
    """One line for each request; the rule stands for the address, which may hold a token."""
    identity = request_id()
    rule = request.url_rule.rule if request.url_rule else None
    elapsed = round((time.perf_counter() - g.began) * 1000)
    log.info("request", id=identity, method=request.method, rule=rule, status=response.status_code, ms=elapsed)
    response.headers["X-Request-ID"] = identity
    return response


def log_failure(error: BaseException | None) -> None:
    """A failure that nobody foresaw."""
    rule = request.url_rule.rule if request.url_rule else None
    log.error("failure", id=request_id(), rule=rule, exc_info=error)
