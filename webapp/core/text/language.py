"""Which language a page is in: the switch, the cookie, the account, the browser, in this order."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Flask, Response, current_app, g, request
from flask_babel import get_locale, refresh

from webapp.core.viewer import viewer
from webapp.extensions import babel

LANGUAGES = {"en": "English", "es": "Español"}
COUNTRY = "US"
"""Times, dates and numbers are written as people in the United States write them, in either language."""
COOKIE = "cvms_language"
SECURE_COOKIE = f"__Host-{COOKIE}"
COOKIE_SECONDS = 31_536_000


def init_app(app: Flask) -> None:
    """Speak the language of each request, offer the switch to every template and remember what was chosen."""
    babel.init_app(app, locale_selector=choose_locale)
    app.after_request(remember_language)
    app.context_processor(lambda: {"languages": LANGUAGES, "language": current_language, "in_language": in_language})


def choose_language() -> str:
    """The language of this request."""
    account = viewer()
    wishes = (_asked_for(), request.cookies.get(_cookie()), account.language if account else None)
    chosen = next((wish for wish in wishes if wish in LANGUAGES), None)
    return chosen or request.accept_languages.best_match(LANGUAGES) or "en"


def choose_locale() -> str:
    """The language of this request with the country whose habits it follows."""
    return f"{choose_language()}_{COUNTRY}"


def current_language() -> str:
    """The language that this page is written in."""
    locale = get_locale()
    return locale.language if locale else "en"


def in_language(code: str) -> str:
    """The address of this very page, query kept, in another language."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    path = "/" + request.path.lstrip("/")
    return f"{quote(path)}?{urlencode([*query, ('lang', code)])}"


def in_other_language(page: str, code: str) -> str:
    """A page of our own in another language."""
    parts = urlsplit(page)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return f"{parts.path}?{urlencode([*query, ('lang', code)])}"


def speak(code: str) -> None:
    """From here on this request is in this language, as if its address asked for it."""
    g.asked_language = code
    refresh()
    g.pop("translations", None)
    g.pop("locale_name", None)


def remember_language(response: Response) -> Response:
    """Keep the choice of the switch in a cookie of its own."""
    chosen = _asked_for()
    if chosen:
        secure = _cookie() == SECURE_COOKIE
        response.set_cookie(_cookie(), chosen, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response


def _cookie() -> str:
    return SECURE_COOKIE if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _asked_for() -> str | None:
    asked = g.get("asked_language") or request.args.get("lang")
    return asked if asked in LANGUAGES else None
