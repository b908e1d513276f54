"""Reading the programme's settings: the value that counts at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.calendar.service_hours import BusinessCalendar, holidays_end
from models.reference import load
from models.tables.core.program import ProgramSetting


def setting(session: Session, name: str, at: datetime) -> Any:
    """The value of a setting at a moment; the reviewed default where officials have set none.

    Raises `LookupError` for a name that the reference data does not have.
    """
    statement = (
        select(ProgramSetting.value)
        .where(ProgramSetting.name == name, ProgramSetting.effective_from <= at)
        .order_by(ProgramSetting.effective_from.desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    return row.value if row else _default(name, at)


def reviewed_setting(name: str) -> Any:
    """The newest reviewed value of a setting, for what is shown even while the database is away."""
    return load("program_settings")[name][-1]["value"]


def office_calendar(session: Session, at: datetime) -> BusinessCalendar:
    """The hours that promises to applicants count in."""
    hours = setting(session, "office_hours", at)
    return BusinessCalendar(
        open=time.fromisoformat(hours["open"]),
        close=time.fromisoformat(hours["close"]),
        weekdays=frozenset(hours["weekdays"]),
        holidays=listed_holidays(),
        zone=hours["zone"],
    )


def listed_holidays() -> frozenset[date]:
    """The days on which the state's offices are closed, as far as the reviewed list goes."""
    return frozenset(date.fromisoformat(day) for day in load("holidays")["days"])


def holidays_known_for(session: Session) -> int:
    """For how many days from now the office's holidays are known; negative when their list has ended."""
    today: date = session.execute(select(func.date(func.db_now()))).scalar_one()
    return (holidays_end(listed_holidays()) - today).days


def _default(name: str, at: datetime) -> Any:
    return reviewed_version(name, at)["value"]


def reviewed_version(name: str, at: datetime) -> dict[str, Any]:
    """The entry of a setting in the reference data that counts at a moment; raises `LookupError` for no setting."""
    versions = load("program_settings").get(name)
    if versions is None:
        raise LookupError(f"no setting named {name}")
    begun = [entry for entry in versions if effective_from(entry["from"]) <= at]
    version: dict[str, Any] = (begun or versions[:1])[-1]
    return version


def effective_from(day: str) -> datetime:
    """The moment from which a reviewed value counts: midnight UTC of its day."""
    return datetime.combine(date.fromisoformat(day), time(), UTC)
