"""The Flask extensions, each made once and bound to the application by its factory."""

from __future__ import annotations

from functools import cached_property

from flask import Flask
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from models.tables.base import Base
from webapp.core.text.request_catalog import RequestDomain

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
csrf = CSRFProtect()


class LanguageOfTheRequest(Babel):
    """Flask-Babel, with catalogs that are looked up once a request."""

    @cached_property
    def domain_instance(self) -> RequestDomain:
        return RequestDomain(domain=self.domain)  # type: ignore[no-untyped-call]


babel: Babel = LanguageOfTheRequest()  # type: ignore[no-untyped-call]


def init_app(app: Flask) -> None:
    """Bind the database and the tokens of forms to the application; `webapp.core.text.language` binds Babel."""
    db.init_app(app)
    csrf.init_app(app)
