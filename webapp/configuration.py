"""Flask's configuration, made from the settings: limits of a request, cookies, the database's engine."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from models.crypto.sealing import use_secret
from models.postgres.database import engine_options, normalize_url
from models.running.settings import Settings

POOL_SIZE = 10
STATEMENT_SECONDS = 2.4
"""A page that cannot be had by then is answered with 503, within 3 seconds."""
MEBIBYTE = 1024 * 1024
MAX_FORM_BYTES = 512 * 1024
MAX_FORM_PARTS = 1000
YEAR_IN_SECONDS = 31_536_000


def configure(app: Flask, settings: Settings) -> None:
    """Put the settings into the app; `app.config["SETTINGS"]` keeps them whole."""
    use_secret(settings.secret_key)
    secure = settings.public_url.startswith("https://")
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=normalize_url(settings.database_url or "postgresql://127.0.0.1/cvms"),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(pool_size=POOL_SIZE, statement_seconds=STATEMENT_SECONDS),
        MAX_CONTENT_LENGTH=MEBIBYTE,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        SESSION_COOKIE_NAME="__Host-cvms" if secure else "cvms",
        SESSION_COOKIE_SECURE=secure,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR_IN_SECONDS,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="America/New_York",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
