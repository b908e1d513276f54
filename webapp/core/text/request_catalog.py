"""The catalog of translations of a request."""

from __future__ import annotations

from typing import Any

from flask import g, has_app_context
from flask_babel import Domain


class RequestDomain(Domain):
    """The catalog of a request, looked up once: a page of the inbox asks for it 160 times."""

    def get_translations(self) -> Any:
        look_up = super().get_translations
        if not has_app_context():
            return look_up()  # type: ignore[no-untyped-call]
        if "translations" not in g:
            g.translations = look_up()  # type: ignore[no-untyped-call]
        return g.translations
