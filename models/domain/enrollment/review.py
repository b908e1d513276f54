"""The rules of review and approval: what a decision must bring, and the clock it stands under (E9, E10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.domain.core.service_hours import BusinessCalendar, add_business_time, business_days, business_time_between
from models.domain.core.tasks import SOON_DAYS, Outcome
from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.fields import find_field
from models.domain.enrollment.lifecycle import SectionKind

MAX_REASON = 2000


@dataclass(frozen=True, slots=True)
class FieldNote:
    """Why one field goes back for correction."""

    section_id: UUID
    field: str
    reason: str


def check_decision(
    outcome: Outcome,
    *,
    allowed: frozenset[Outcome],
    reason: str,
    notes: Sequence[FieldNote],
    kinds: dict[UUID, SectionKind],
) -> None:
    """Refuse a decision that does not bring what it must; `kinds` are the sections of the enrollment.

    | outcome                 | must bring                                    |
    |-------------------------|-----------------------------------------------|
    | recommended, approved   | nothing                                       |
    | returned                | a reason for at least one field               |
    | denied                  | a reason                                      |
    """
    if outcome not in allowed:
        raise RuleViolation("unknown_outcome", "This is not a possible decision.", "outcome")
    found = _reason_problems(outcome, reason)
    if outcome is Outcome.RETURNED and not notes:
        found.append(RuleViolation("notes_missing", "Say for at least one field what has to be corrected.", "notes"))
    for note in notes:
        found += _note_problems(note, kinds)
    refuse(found)


def _reason_problems(outcome: Outcome, reason: str) -> list[RuleViolation]:
    if len(reason) > MAX_REASON:
        return [RuleViolation("too_long", f"Use {MAX_REASON} characters or fewer.", "reason", max=MAX_REASON)]
    if outcome is Outcome.DENIED and not reason.strip():
        return [RuleViolation("reason_missing", "Say why the enrollment is denied.", "reason")]
    return []


def _note_problems(note: FieldNote, kinds: dict[UUID, SectionKind]) -> list[RuleViolation]:
    place = f"{note.section_id}/{note.field}"
    kind = kinds.get(note.section_id)
    if kind is None or find_field(kind, note.field) is None:
        return [RuleViolation("unknown_field", "This section has no such field.", place)]
    if not note.reason.strip():
        return [RuleViolation("reason_missing", "Say what has to be corrected here.", place)]
    if len(note.reason) > MAX_REASON:
        return [RuleViolation("too_long", f"Use {MAX_REASON} characters or fewer.", place, max=MAX_REASON)]
    return []


def review_due(submitted_at: datetime, days: float, calendar: BusinessCalendar) -> datetime:
    """When the applicant may expect the decision: so many business days after the submission."""
    return add_business_time(submitted_at, business_days(days, calendar), calendar)


def warning_due(begun_at: datetime, due_at: datetime, percent: float, calendar: BusinessCalendar) -> datetime:
    """When so many percent of the business time between two moments have passed, and the task is due soon (U8).

    However long the promise is, a task that people are warned of stands under "Due soon" in their inbox.
    """
    whole = business_time_between(begun_at, due_at, calendar)
    not_soon = whole - business_days(SOON_DAYS, calendar)
    return add_business_time(begun_at, max(whole * percent / 100, not_soon), calendar)
