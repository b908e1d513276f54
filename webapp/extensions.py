"""The Flask extensions, each made once and bound to the application by its factory."""

from __future__ import annotations

from functools import cached_property

from flask import Flask
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import SQLAlchemyError

from models.tables.base import Base
from webapp.core.logging import log_failure
from webapp.core.text.request_catalog import RequestDomain


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, with sessions that are put away also when the server has died in the middle of one."""

    def _teardown_session(self, exc: BaseException | None) -> None:
        try:
            super()._teardown_session(exc)
        except SQLAlchemyError as lost:
            self.session().invalidate()
            self.session.registry.clear()
            log_failure(lost)


db = Database(metadata=Base.metadata, session_options={"expire_on_commit": False})


class LanguageOfTheRequest(Babel):
    """Flask-Babel, with catalogs that are looked up once a request."""

    @cached_property
    def domain_instance(self) -> RequestDomain:
        return RequestDomain(domain=self.domain)  # type: ignore[no-untyped-call]


babel: Babel = LanguageOfTheRequest()  # type: ignore[no-untyped-call]


def init_app(app: Flask) -> None:
    """Bind the database to the application; `webapp.core.text.language` binds Babel."""
    db.init_app(app)
