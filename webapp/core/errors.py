"""One plain page for every refusal and failure, in the reader's language; the words stand in `error_messages`."""

from __future__ import annotations

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from models.domain.core.violations import RuleViolation
from models.domain.identity.lockout import Braked
from webapp.core.braking import TOO_MANY_REQUESTS, answer_braked
from webapp.core.forms.tokens import sent_token
from webapp.core.forms.typed_forms import is_somebodys_form, typed_to_show
from webapp.core.logging import log_failure, request_id
from webapp.core.permissions import wants_json
from webapp.core.text.error_messages import (
    ALREADY_CHANGED,
    COOKIES_NEEDED,
    EXPIRED_PAGE,
    OTHER_PERSON,
    PAGES,
    SIGNED_IN_SINCE,
    TWO_ANSWERS_FOR_ONE_FORM,
    ErrorMessage,
)
from webapp.core.text.refusals import say
from webapp.core.viewer import stop_asking, viewer

DATABASE_FAILURES = (OperationalError, InterfaceError, PoolTimeout)
RETRY_AFTER_SECONDS = 10
SERVER_ERROR = 500
KEY_REUSED = "key_reused"


def init_app(app: Flask) -> None:
    """Answer every exception with a plain page."""
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(CSRFError, answer_expired_page)
    app.register_error_handler(RuleViolation, answer_violation)
    for failure in DATABASE_FAILURES:
        app.register_error_handler(failure, answer_database_failure)


def answer_http_error(error: HTTPException) -> Response:
    """The page of an HTTP error, with the headers that belong to it (Allow, Retry-After)."""
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, DATABASE_FAILURES):
        return answer_database_failure(cause)
    code = error.code or SERVER_ERROR
    response = plain_page(code, PAGES.get(code) or PAGES[400 if code < SERVER_ERROR else SERVER_ERROR])
    response.headers.extend((name, text) for name, text in error.get_headers() if name != "Content-Type")
    return response


def answer_expired_page(error: CSRFError) -> Response:
    """The form came without a live token: the page stood open for too long, or somebody else has signed in since.

    Where not one of our cookies came with it, the browser keeps none, and trying again would not help.
    """
    if not any("cvms" in name for name in request.cookies):
        return plain_page(400, COOKIES_NEEDED)
    person = viewer()
    if person is None or sent_token() is None:
        return plain_page(400, EXPIRED_PAGE)
    now = _("You are signed in as %(name)s now.", name=person.name)
    return plain_page(400, OTHER_PERSON if is_somebodys_form() else SIGNED_IN_SINCE, (now,))


def answer_violation(violation: RuleViolation) -> Response:
    """A rule refused an act that was not a form's, or the form was sent before with other answers: 409.

    A brake is 429.
    """
    if isinstance(violation, Braked):
        answer_braked(violation.wait)
        return plain_page(TOO_MANY_REQUESTS, PAGES[TOO_MANY_REQUESTS], (say(violation),))
    if violation.code == KEY_REUSED:
        return plain_page(409, TWO_ANSWERS_FOR_ONE_FORM)
    return plain_page(409, ALREADY_CHANGED, tuple(say(single) for single in violation.violations))


def answer_database_failure(error: Exception) -> Response:
    """No database, or none that is free: come back soon."""
    log_failure(error)
    return _unavailable()


def plain_page(code: int, message: ErrorMessage, details: tuple[str, ...] = ()) -> Response:
    """The page of a refusal with what was typed, for copying; of a failure, with the id that the help desk asks for."""
    if code >= SERVER_ERROR:
        stop_asking()
    try:
        return _render(code, message, details)
    except DATABASE_FAILURES:
        return _unavailable()
    except Exception as broken:  # noqa: BLE001 - the last resort of every failure
        log_failure(broken)
        return _last_resort()


def _last_resort() -> Response:
    """Even the plain page failed: words that need no template."""
    stop_asking()
    words = f"Something went wrong on our side. Number for the help desk: {request_id()}\n"
    return make_response(words, SERVER_ERROR, {"Content-Type": "text/plain; charset=utf-8"})


def _unavailable() -> Response:
    stop_asking()
    response = _render(503, PAGES[503], ())
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _render(code: int, message: ErrorMessage, details: tuple[str, ...]) -> Response:
    failure_id = request_id() if code >= SERVER_ERROR else None
    if wants_json():
        found = {"error": str(message.title), "details": list(details), "id": failure_id}
        return make_response(jsonify(found), code)
    kept = typed_to_show()
    page = render_template("errors/plain.html", message=message, details=details, failure_id=failure_id, kept=kept)
    return make_response(page, code)
