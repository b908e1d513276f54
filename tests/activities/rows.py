"""What the database holds, table by table, to compare before and after."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import models.tables as tables_package
from models.tables.base import Base
from tests.database import Database

VOLATILE = {("processes", "updated_at")}
"""Says only when something was heard last."""


def every_row(database: Database) -> dict[str, list[Any]]:
    """Every row of every table."""
    assert tables_package
    with Session(database.owner_engine) as session:
        return {table.name: _rows(session, table) for table in Base.metadata.sorted_tables}


def _rows(session: Session, table: Any) -> list[Any]:
    kept = [column for column in table.columns if (table.name, column.name) not in VOLATILE]
    return sorted(repr(tuple(row)) for row in session.execute(select(*kept)))
