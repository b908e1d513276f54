"""The sections of an enrollment as state staff read them: every answer, what changed, what was said about it before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.kinds import Outcome
from models.domain.enrollment.lifecycle import SectionKind, SectionState
from models.queries.enrollment.application import Application
from models.queries.enrollment.review import AnsweredNote, Answers, EarlierDecision
from models.queries.enrollment.sections import SectionSeen, SignatureAsked
from webapp.core.text.dates import day
from webapp.enrollment import labels as words
from webapp.records.noted_answers import AnswerBlock, answer_blocks


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A section with its signatures in words."""

    key: str
    title: str
    tag: words.Tag
    signatures: tuple[str, ...]
    blocks: tuple[AnswerBlock, ...]

    @property
    def changes(self) -> int:
        return sum(line.changed for block in self.blocks for line in block.lines)


@dataclass(frozen=True, slots=True)
class Past:
    """What was signed before this submission, and every decision so far."""

    signed: Mapping[UUID, Answers]
    decisions: Sequence[EarlierDecision]


def last_return(decisions: Sequence[EarlierDecision]) -> datetime | None:
    """When the enrollment was last returned; None where it never was."""
    return next((decision.at for decision in decisions if decision.outcome == Outcome.RETURNED), None)


def section_parts(application: Application, past: Past, *, masked: bool) -> tuple[SectionPart, ...]:
    """Every section, A first; with `masked`, personal fields are hidden."""
    notes = [(note, decision) for decision in past.decisions for note in decision.notes]
    return tuple(_part(section, past.signed.get(section.section_id), notes, masked) for section in application.sections)


def _part(
    section: SectionSeen, before: Answers | None, notes: list[tuple[AnsweredNote, EarlierDecision]], masked: bool
) -> SectionPart:
    said: dict[str, tuple[str, ...]] = {}
    for note, decision in notes:
        if note.section_id == section.section_id:
            words_of_it = _("Returned on %(day)s: %(reason)s", day=day(decision.at), reason=note.reason)
            reply = (_("The applicant replied: %(reply)s", reply=note.reply),) if note.reply else ()
            said[note.field] = (*said.get(note.field, ()), words_of_it, *reply)
    return SectionPart(
        key=section.section_id.hex,
        title=_title(section),
        tag=words.SECTION_TAGS[SectionState(section.state)],
        signatures=tuple(_signature(signed) for signed in section.signatures),
        blocks=answer_blocks(
            SECTIONS[section.kind], section.section_id, section.answers, before=before, notes=said, masked=masked
        ),
    )


def _title(section: SectionSeen) -> str:
    if section.kind is SectionKind.A:
        return _("Section A: the organization")
    return _("Section B: %(location)s", location=section.location_name or "")


def _signature(asked: SignatureAsked) -> str:
    role = words.SIGNERS[asked.role]
    if asked.signed_at is not None:
        return _("%(role)s: %(name)s signed on %(day)s", role=role, name=asked.name, day=day(asked.signed_at))
    return _("%(role)s: %(name)s has not signed yet", role=role, name=asked.name)
