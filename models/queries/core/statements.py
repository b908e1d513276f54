"""Running a statement that was put together before, as quickly as without the object mapper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.orm import Session


def ask(session: Session, statement: Executable, values: Mapping[str, Any]) -> CursorResult[Any]:
    """The rows of a statement, in the session's transaction and after all that was changed in it."""
    session.flush()
    return session.connection().execute(statement, values)
