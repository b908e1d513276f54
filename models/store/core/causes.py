"""The guard that lets an effect happen once, however often its cause is repeated."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.tables.core.form_answers import Cause


def first_time(session: Session, cause_key: str) -> bool:
    """Whether this transaction is the first with this cause; a concurrent one waits here for its end."""
    statement = insert(Cause).values(cause_key=cause_key).on_conflict_do_nothing().returning(Cause.cause_key)
    return session.execute(statement).scalar_one_or_none() is not None
