"""Writing the programme's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM, Actor
from models.queries.core.program import effective_from
from models.reference import load
from models.store.core.audit import record
from models.tables.core.program import ProgramSetting


def load_reviewed_settings(session: Session, *, by: Actor = SYSTEM) -> int:
    """Bring in the reviewed values that the database does not have yet; returns how many were new."""
    return sum(
        set_setting(
            session,
            name=name,
            value=entry["value"],
            from_=effective_from(entry["from"]),
            source=entry["source"],
            by=by,
            cause_key=f"reference/program_settings/{name}/{entry['from']}",
        )
        for name, versions in load("program_settings").items()
        for entry in versions
    )


def set_setting(
    session: Session, *, name: str, value: Any, from_: datetime, source: str, by: Actor, cause_key: str
) -> bool:
    """Set what counts from a moment on; False when that moment has its value already."""
    statement = (
        insert(ProgramSetting)
        .values(name=name, effective_from=from_, value=value, source=source)
        .on_conflict_do_nothing()
        .returning(ProgramSetting.name)
    )
    if session.execute(statement).scalar_one_or_none() is None:
        return False
    record(
        session,
        by=by,
        action="setting.set",
        object_type="program_setting",
        object_id=None,
        cause_key=cause_key,
        detail={"name": name, "from": from_.isoformat()},
    )
    return True
