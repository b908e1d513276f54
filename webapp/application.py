"""The application's factory: the rooms of the web app, put together in the order in which a request passes them."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any

from flask import Flask

from models.crypto.hash_slots import share_slots
from models.running.metering import start_counting
from models.running.safety import insist_on_safe_database
from models.running.settings import Settings, load_settings
from webapp import capabilities, configuration, extensions
from webapp.core import agency, errors, logging, metrics, navigation, permissions
from webapp.core import session as sessions
from webapp.core.forms import draft_requests, fields, typed_forms
from webapp.core.forms import tokens as form_tokens
from webapp.core.requests import headers, origin, proxies, text_input
from webapp.core.text import cached_words as spoken
from webapp.core.text import language

ROOMS = (
    proxies,
    logging,
    metrics,
    headers,
    text_input,
    origin,
    sessions,
    permissions,
    extensions,
    form_tokens,
    draft_requests,
    language,
    spoken,
    agency,
    navigation,
    fields,
    typed_forms,
    errors,
    capabilities,
)
"""What the application is put together from, in the order in which a request passes through it."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WebApp(Flask):
    """Flask, with its log lines of exceptions replaced: Flask's own carry the URL, and so tokens."""

    def log_exception(self, exc_info: ExcInfo) -> None:
        logging.log_failure(exc_info[1])

    def do_teardown_request(self, *args: Any, **kwargs: Any) -> None:
        """Put away what the request used. By now the answer stands, so a failure is noted and changes nothing."""
        with logging.noting_failures():
            super().do_teardown_request(*args, **kwargs)

    def do_teardown_appcontext(self, *args: Any, **kwargs: Any) -> None:
        """The same for what the application's context holds: the database session above all."""
        with logging.noting_failures():
            super().do_teardown_appcontext(*args, **kwargs)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for the given settings, or for those of the environment."""
    app = WebApp("webapp")
    chosen = settings or load_settings(os.environ)
    start_counting(chosen, os.environ)
    share_slots(chosen.home)
    configuration.configure(app, chosen)
    for room in ROOMS:
        room.init_app(app)
    if app.config["SETTINGS"].production:
        with app.app_context():
            insist_on_safe_database(extensions.db.engine)
            extensions.db.engine.dispose()
    return app
