"""The Flask extensions, each made once and bound to the application by its factory."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from models.tables.base import Base
from webapp.language import choose_locale

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
csrf = CSRFProtect()
babel = Babel()


def init_app(app: Flask) -> None:
    """Bind every extension to the application."""
    db.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=choose_locale)
