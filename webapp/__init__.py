"""The web app: what people see and ask for. The only room that knows Flask.

Each capability has its own package here. The factory is imported when it is called, so that the commands
of `webapp.cli` do not wait for pages that they do not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from models.running.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application for the given settings, or for those of the environment."""
    from webapp import application

    return application.create_app(settings)
