"""Who looks at the page, for the base template and the language: never an error, not even without a database."""

from __future__ import annotations

from flask import g, has_request_context

from models.domain.core.permissions import Principal
from webapp.core.permissions import current_principal


def viewer() -> Principal | None:
    """The signed-in person, or None; also None on the page that tells of a failure."""
    if not has_request_context() or g.get("failing", False):
        return None
    return current_principal()


def stop_asking() -> None:
    """From here on this request's page is for nobody in particular: its failure page must not fail again."""
    g.failing = True
