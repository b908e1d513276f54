"""The database's clock, the only one a person's transaction looks at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

KEPT = "cvms_db_now"


def db_now(session: Session) -> datetime:
    """The time of the current transaction in UTC, as the database has it (or as the training area shifts it).

    It is the same throughout a transaction, so the database is asked once.
    """
    transaction, moment = session.info.get(KEPT, (None, None))
    if moment is None or transaction is not session.get_transaction():
        return keep_now(session, session.execute(select(func.db_now())).scalar_one())
    kept: datetime = moment
    return kept


def forget_now(session: Session) -> None:
    """The clock was moved within this transaction, as demo data does: ask again."""
    session.info.pop(KEPT, None)


def keep_now(session: Session, moment: datetime) -> datetime:
    """The time of this transaction came along with another statement."""
    session.info[KEPT] = (session.get_transaction(), moment)
    return moment
