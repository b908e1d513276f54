"""The Flask extensions, each made once and bound to the application by its factory."""

from __future__ import annotations

from functools import cached_property

from flask import Flask, g
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError

from models.tables.base import Base
from webapp.core.logging import log_failure
from webapp.core.text.language import RequestDomain, choose_locale


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


class PersonsProtection(CSRFProtect):
    """Refuses forged forms, and takes one that was opened in an earlier session of the same person (A13)."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """As Flask-WTF does; where the token is of another session, the person's earlier ones are looked at."""
        from webapp.identity.sessions.form_tokens import is_of_same_person  # needs the database, which is made here

        try:
            super().protect(apply_exemptions)  # type: ignore[no-untyped-call]
        except CSRFError:
            if not is_of_same_person():
                raise
            g.csrf_valid = True


csrf: CSRFProtect = PersonsProtection()  # type: ignore[no-untyped-call]


class LanguageOfTheRequest(Babel):
    """Flask-Babel, with catalogs that are looked up once a request."""

    @cached_property
    def domain_instance(self) -> RequestDomain:
        return RequestDomain(domain=self.domain)  # type: ignore[no-untyped-call]


babel: Babel = LanguageOfTheRequest()  # type: ignore[no-untyped-call]


def init_app(app: Flask) -> None:
    """Bind every extension to the application."""
    db.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=choose_locale)
