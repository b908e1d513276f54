"""Notes on the fields of a record: what somebody who checked it asks to correct, and what was corrected since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from models.domain.core.reasons import reason_problems
from models.domain.core.violations import RuleViolation
from models.domain.records.sections import Section
from models.domain.records.values import Answers, same_value


@dataclass(frozen=True, slots=True)
class FieldNote:
    """Why one field goes back for correction."""

    section_id: UUID
    field: str
    reason: str


class NoteState(StrEnum):
    """What became of a note."""

    OPEN = "open"
    CORRECTED = "corrected"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Correction:
    """A note as whoever has to correct the field sees it, with the reply that was given to it."""

    note_id: UUID
    field: str
    reason: str
    state: NoteState
    reply: str | None = None


def note_state(field: str, answers: Answers, before: Answers | None, reply: str | None) -> NoteState:
    """Corrected when the field says something else than when it was returned; else answered by a reply, or open."""
    if before is not None and answers.get(field) != before.get(field):
        return NoteState.CORRECTED
    return NoteState.ANSWERED if reply else NoteState.OPEN


def note_problems(notes: Sequence[FieldNote], sections: Mapping[UUID, Section]) -> list[RuleViolation]:
    """What is wrong with notes on the fields of a record's sections, each on `section id/field`."""
    return [problem for note in notes for problem in _problems(note, sections.get(note.section_id))]


def _problems(note: FieldNote, section: Section | None) -> list[RuleViolation]:
    place = f"{note.section_id}/{note.field}"
    if section is None or section.field(note.field) is None:
        return [RuleViolation("unknown_field", "This section has no such field.", place)]
    if not note.reason.strip():
        return [RuleViolation("reason_missing", "Say what has to be corrected here.", place)]
    return reason_problems(note.reason, field=place)


def changed_fields(section: Section, answers: Answers, before: Answers | None) -> frozenset[str]:
    """The fields whose answers are not those of an earlier version; none where there is no earlier one."""
    if before is None:
        return frozenset()
    changed = (one for one in section.fields if not same_value(one, answers.get(one.name), before.get(one.name)))
    return frozenset(one.name for one in changed)
