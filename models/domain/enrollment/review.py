"""The rules of review and approval: what a decision must bring (E9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.domain.core.reasons import reason_problems
from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.kinds import Outcome
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.notes import FieldNote, note_problems


@dataclass(frozen=True, slots=True)
class StaffDecision:
    """What a reviewer or an approver decided, and why."""

    outcome: Outcome
    reason: str = ""
    notes: Sequence[FieldNote] = ()


def check_decision(decision: StaffDecision, *, allowed: frozenset[str], kinds: Mapping[UUID, SectionKind]) -> None:
    """Refuse a decision that does not bring what it must; `kinds` are the sections of the enrollment.

    | outcome                 | must bring                                    |
    |-------------------------|-----------------------------------------------|
    | recommended, approved   | nothing                                       |
    | returned                | a reason for at least one field               |
    | denied                  | a reason                                      |
    """
    if decision.outcome not in allowed:
        raise RuleViolation("unknown_outcome", "This is not a possible decision.", "outcome")
    found = reason_problems(decision.reason)
    if decision.outcome == Outcome.DENIED and not decision.reason.strip():
        found.append(RuleViolation("reason_missing", "Say why the enrollment is denied.", "reason"))
    if decision.outcome == Outcome.RETURNED and not decision.notes:
        found.append(
            RuleViolation("notes_missing", "Mark at least one field and say what needs to be corrected.", "notes")
        )
    found += note_problems(decision.notes, {section_id: SECTIONS[kind] for section_id, kind in kinds.items()})
    refuse(found)
