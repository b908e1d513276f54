"""Whose site this is, for every page: the program's settings in production mode, invented ones everywhere else."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from models.domain.core.agency import Agency
from models.postgres.database import transaction
from models.queries.core.agency import demo_agency, read_agency, reviewed_agency
from models.running.settings import Settings
from webapp.extensions import db

log = structlog.get_logger(__name__)

KEPT_SECONDS = 30.0
"""How long a process goes on with what it has read, so that not every page asks."""


@dataclass(slots=True)
class Known:
    """What was read last, and until when it counts. A torn update costs one more read."""

    agency: Agency | None = None
    until: float = 0.0


def init_app(app: Flask) -> None:
    """Keep what was read with the app."""
    app.extensions["agency"] = Known()


def current_agency() -> Agency:
    """The agency of this installation. Needs no database to answer: a page that says it is away names the help line."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.production:
        return demo_agency(datetime.now(UTC))
    known: Known = current_app.extensions["agency"]
    if known.agency is None or time.monotonic() >= known.until:
        known.agency = _read(known.agency)
        known.until = time.monotonic() + KEPT_SECONDS
    return known.agency


def _read(before: Agency | None) -> Agency:
    now = datetime.now(UTC)
    try:
        with transaction(db.engine) as session:
            return read_agency(session, now)
    except SQLAlchemyError:
        log.warning("the agency's settings could not be read")
        return before or reviewed_agency(now)
