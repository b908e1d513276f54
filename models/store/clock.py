"""The database's clock, the only one a person's transaction looks at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def db_now(session: Session) -> datetime:
    """The time of the current transaction in UTC, as the database has it (or as the training area shifts it)."""
    moment: datetime = session.execute(select(func.db_now())).scalar_one()
    return moment
