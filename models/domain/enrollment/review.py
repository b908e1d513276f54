"""The rules of review and approval: what a decision must bring, and the clock it stands under (E9, E10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models.domain.core.service_hours import BusinessCalendar, add_business_time, business_days, business_time_between
from models.domain.core.tasks import Outcome
from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.notes import MAX_REASON, FieldNote, note_problems


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
    found += note_problems(notes, {section_id: SECTIONS[kind] for section_id, kind in kinds.items()})
    refuse(found)


def _reason_problems(outcome: Outcome, reason: str) -> list[RuleViolation]:
    if len(reason) > MAX_REASON:
        return [RuleViolation("too_long", f"Use {MAX_REASON} characters or fewer.", "reason", max=MAX_REASON)]
    if outcome is Outcome.DENIED and not reason.strip():
        return [RuleViolation("reason_missing", "Say why the enrollment is denied.", "reason")]
    return []


def review_due(submitted_at: datetime, days: float, calendar: BusinessCalendar) -> datetime:
    """When the applicant may expect the decision: so many business days after the submission."""
    return add_business_time(submitted_at, business_days(days, calendar), calendar)


def warning_due(begun_at: datetime, due_at: datetime, percent: float, calendar: BusinessCalendar) -> datetime:
    """When so many percent of the business time between two moments have passed."""
    whole = business_time_between(begun_at, due_at, calendar)
    return add_business_time(begun_at, whole * percent / 100, calendar)
