"""The web app with every route, connected to nothing: for rules about routes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask

from models.running.settings import Environment, Settings

NOWHERE = "postgresql://127.0.0.1:1/nowhere"


def unconnected_app() -> Flask:
    """Nothing connects to anything before a request."""
    from webapp import create_app

    return create_app(
        Settings(
            home=Path(tempfile.mkdtemp(prefix="cvms-nowhere-")),
            port=0,
            environment=Environment.TEST,
            secret_key="the-secret-of-an-app-that-gets-no-request",
            public_url="http://localhost",
            smtp_url="smtp://127.0.0.1:1",
            pg_bin=None,
            database_url=NOWHERE,
            owner_database_url=NOWHERE,
            worker_database_url=NOWHERE,
        )
    )
