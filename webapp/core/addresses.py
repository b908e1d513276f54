"""Addresses of pages by the names of their views."""

from __future__ import annotations

from flask import current_app, url_for


def address_of(endpoint: str) -> str | None:
    """The address of a page, or None while this installation has no such page."""
    return url_for(endpoint) if endpoint in current_app.view_functions else None
