"""The web app as the rules about routes see it: made without a database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.unconnected import unconnected_app


@pytest.fixture(scope="session")
def routes_app() -> Flask:
    """The web app with every blueprint."""
    return unconnected_app()
