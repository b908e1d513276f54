"""The server's own answers, to what never reaches the app: in the site's look, with its headers and a log line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

import structlog
from flask import Flask, render_template
from gunicorn.http.errors import ParseException
from gunicorn.util import http_date

from models.running.metering import count_request
from webapp.core.errors import RETRY_AFTER_SECONDS
from webapp.core.requests.headers import add_headers
from webapp.core.text.error_messages import PAGES, TOO_SLOW, ErrorMessage
from webapp.core.text.language import LANGUAGES

log = structlog.get_logger("webapp.edge")
DEFAULT_LANGUAGE = "en"
SERVER_ERROR, UNAVAILABLE = 500, 503
WORDS: Mapping[int, ErrorMessage] = {
    400: PAGES[400],
    408: TOO_SLOW,
    413: PAGES[413],
    414: PAGES[413],
    417: PAGES[400],
    431: PAGES[413],
    500: PAGES[500],
    501: PAGES[400],
    503: PAGES[503],
}
ACCEPTED = re.compile(rb"\r\naccept-language:[ \t]*([a-z]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its headers and its body."""

    headers: bytes
    body: bytes


class RefusalPages:
    """Every answer in every language, made before they are needed; plain words where the app has no pages of ours."""

    def __init__(self, pages: Mapping[tuple[int, str], Page] | None = None) -> None:
        self._pages = pages or {}

    def answer(self, status: int, why: Exception, sent: bytes | bytearray) -> bytes:
        """The bytes of the answer to what was sent. The log names the kind of refusal and nothing of the request."""
        identity = uuid4().hex
        ours = status >= SERVER_ERROR and not isinstance(why, ParseException)
        note = log.error if ours else log.info
        failure = why if status == SERVER_ERROR else None
        note(
            "request",
            id=identity,
            method=None,
            rule=None,
            status=status,
            ms=0,
            refused=type(why).__name__,
            exc_info=failure,
        )
        count_request(method="other", rule="none", status=status, seconds=0.0)
        page = self._page(status, sent)
        first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nDate: {http_date()}\r\nConnection: close\r\n"
        return b"%sX-Request-ID: %s\r\n%s\r\n%s" % (first.encode(), identity.encode(), page.headers, page.body)

    def _page(self, status: int, sent: bytes | bytearray) -> Page:
        accepted = ACCEPTED.search(sent)
        language = accepted[1].decode().lower() if accepted else DEFAULT_LANGUAGE
        found = self._pages.get((status, language)) or self._pages.get((status, DEFAULT_LANGUAGE))
        return found or _page_of("text/plain", HTTPStatus(status).phrase.encode(), {})


def refusal_pages(app: Flask) -> RefusalPages:
    """All of them, made by the app's own templates. Needs no database."""
    return RefusalPages({(status, code): _made_by(app, status, code) for status in WORDS for code in LANGUAGES})


def _made_by(app: Flask, status: int, language: str) -> Page:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        body = render_template("errors/plain.html", message=WORDS[status], details=(), failure_id=None)
        headers = dict(add_headers(app.make_response((body, status))).headers)
        if status == UNAVAILABLE:
            headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return _page_of("text/html", body.encode(), headers)


def _page_of(kind: str, body: bytes, headers: Mapping[str, str]) -> Page:
    told = {**headers, "Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body))}
    return Page("".join(f"{name}: {value}\r\n" for name, value in told.items()).encode("latin-1"), body)
