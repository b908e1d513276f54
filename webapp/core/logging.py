"""Log lines as JSON: one for each request, by its route and never by its address, and one for each failure."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog
from flask import Flask, Response, g, has_request_context, request

from models.running import log_lines

log = structlog.get_logger("webapp")


def init_app(app: Flask) -> None:
    """Give every request an id and a line, and every other logger the same form."""
    configure()
    app.before_request(begin_request)
    app.after_request(log_request)


def configure() -> None:
    """Send this process's log lines to standard output as JSON."""
    log_lines.configure(level=logging.WARNING)
    logging.getLogger("webapp").setLevel(logging.INFO)


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
    """A failure that nobody foresaw; also one after the request, when its address is gone already."""
    rule = request.url_rule.rule if has_request_context() and request.url_rule else None
    log.error("failure", id=request_id(), rule=rule, exc_info=error)


@contextmanager
def noting_failures() -> Iterator[None]:
    """What fails within becomes a line in the log, and nothing else."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - nobody is there to hear of it
        log_failure(error)
