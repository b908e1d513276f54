"""Reading whose site this is from the program's settings; outside production mode what is invented for demos."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.agency import (
    OWN_ACCESSIBILITY,
    OWN_PRIVACY,
    Agency,
    HelpLineHours,
    statement_address,
)
from models.queries.core.program import reviewed_version
from models.tables.core.program import ProgramSetting

SETTINGS = (
    "state_name",
    "agency_name",
    "mail_sender_name",
    "help_desk_phone",
    "help_desk_phone_option",
    "help_desk_hours",
    "contact_email",
    "privacy_statement",
    "accessibility_statement",
)


def read_agency(session: Session, at: datetime) -> Agency:
    """The agency as the settings name it at a moment, in one statement."""
    statement = (
        select(ProgramSetting.name, ProgramSetting.value)
        .where(ProgramSetting.name.in_(SETTINGS), ProgramSetting.effective_from <= at)
        .order_by(ProgramSetting.effective_from)
    )
    # Of one name the newest comes last and stays.
    found = {row.name: row.value for row in session.execute(statement)}
    return _agency({name: reviewed_version(name, at)["value"] for name in SETTINGS} | found)


def reviewed_agency(at: datetime) -> Agency:
    """The agency as the reviewed reference data name it, for when the database cannot be asked."""
    return _agency({name: reviewed_version(name, at)["value"] for name in SETTINGS})


def demo_agency(at: datetime) -> Agency:
    """What is shown outside production mode, whatever is set: invented phone numbers and addresses."""
    versions = {name: reviewed_version(name, at) for name in SETTINGS}
    return _agency({name: version.get("demo", version["value"]) for name, version in versions.items()})


def _agency(values: Mapping[str, Any]) -> Agency:
    return Agency(
        state=values["state_name"],
        name=values["agency_name"],
        sender=values["mail_sender_name"],
        phone=values["help_desk_phone"],
        option=values["help_desk_phone_option"],
        hours=tuple(_hours(row) for row in values["help_desk_hours"]),
        email=values["contact_email"],
        privacy=statement_address(values["privacy_statement"], OWN_PRIVACY),
        accessibility=statement_address(values["accessibility_statement"], OWN_ACCESSIBILITY),
    )


def _hours(row: Mapping[str, Any]) -> HelpLineHours:
    opens, closes = (time.fromisoformat(row[name]) for name in ("opens", "closes"))
    return HelpLineHours(row["first_day"], row["last_day"], opens, closes)
