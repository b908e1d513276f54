"""The web app as the rules about routes see it: made without a database."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from models.settings import Environment, Settings


@pytest.fixture(scope="session")
def routes_app() -> Flask:
    """The web app with every blueprint; nothing connects to anything before a request."""
    from webapp import create_app

    nowhere = "postgresql://127.0.0.1:1/nowhere"
    return create_app(
        Settings(
            home=Path("nowhere"),
            port=0,
            environment=Environment.TEST,
            secret_key="the-secret-of-an-app-that-gets-no-request",
            public_url="http://localhost",
            smtp_url="smtp://127.0.0.1:1",
            pg_bin=None,
            database_url=nowhere,
            owner_database_url=nowhere,
            worker_database_url=nowhere,
        )
    )
