"""Writing the programme's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from models.queries.core.program import effective_from
from models.reference import load
from models.store.core.act import Act
from models.store.core.audit import record
from models.tables.core.program import ProgramSetting


def load_reviewed_settings(act: Act) -> int:
    """Bring in the reviewed values that the database does not have yet; returns how many were new."""
    return sum(
        set_setting(
            act.because(f"reference/program_settings/{name}/{entry['from']}"),
            name=name,
            value=entry["value"],
            from_=effective_from(entry["from"]),
            source=entry["source"],
        )
        for name, versions in load("program_settings").items()
        for entry in versions
    )


def set_setting(act: Act, *, name: str, value: Any, from_: datetime, source: str) -> bool:
    """Set what counts from a moment on; False when that moment has its value already."""
    statement = (
        insert(ProgramSetting)
        .values(name=name, effective_from=from_, value=value, source=source)
        .on_conflict_do_nothing()
        .returning(ProgramSetting.name)
    )
    if act.session.execute(statement).scalar_one_or_none() is None:
        return False
    record(
        act,
        action="setting.set",
        object_type="program_setting",
        object_id=None,
        detail={"name": name, "from": from_.isoformat()},
    )
    return True
