"""Answers before somebody who checks them: what changed since the last time, and what is to be corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from models.domain.records.fields import Field
from models.domain.records.notes import Correction, NoteState, changed_fields
from models.domain.records.sections import Section
from models.domain.records.values import Answers
from webapp.records.summary import said_when_missing
from webapp.records.values import shown


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer. `key` names it in forms; `before` is what was sent the last time, where that was different."""

    key: str
    section_id: UUID
    field: str
    label: str
    value: str | None
    missing: str
    changed: bool = False
    before: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """The answers of one page of a section."""

    title: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class NoteLink:
    """What somebody asks to correct: where, which field, why, the way there, and what became of it.

    `reply_href` is where a reply is written, None where none can be given now.
    """

    place: str
    field: str
    reason: str
    href: str
    state: NoteState = NoteState.OPEN
    reply: str | None = None
    reply_href: str | None = None

    @property
    def open(self) -> bool:
        return self.state is NoteState.OPEN

    @property
    def corrected(self) -> bool:
        return self.state is NoteState.CORRECTED


def answer_blocks(
    section: Section,
    section_id: UUID,
    answers: Answers,
    *,
    before: Answers | None,
    notes: Mapping[str, tuple[str, ...]],
    masked: bool,
) -> tuple[AnswerBlock, ...]:
    """Every answer, page by page, against an earlier version; with `masked`, personal fields are hidden."""
    changed = changed_fields(section, answers, before)

    def line(field: Field) -> AnswerLine:
        old = (before or {}).get(field.name)
        hidden = masked and field.personal
        return AnswerLine(
            key=f"{section_id.hex}_{field.name}",
            section_id=section_id,
            field=field.name,
            label=gettext(field.label),
            value=_value(field, answers.get(field.name), hidden=hidden),
            missing=said_when_missing(field),
            changed=field.name in changed,
            before=(_value(field, old, hidden=hidden) or gettext("Not given")) if field.name in changed else None,
            notes=notes.get(field.name, ()),
        )

    return tuple(AnswerBlock(gettext(step.title), tuple(map(line, step.fields))) for step in section.steps)


def note_links(
    section: Section,
    place: str,
    corrections: Sequence[Correction],
    address: Callable[[Field], str],
    reply_address: Callable[[Field], str] | None = None,
) -> list[NoteLink]:
    """The notes on the fields of a section, each with the way to its field and to a reply; what is open comes first."""
    found = [(section.field(one.field), one) for one in sorted(corrections, key=_open_first)]
    return [
        NoteLink(
            place,
            gettext(field.label),
            one.reason,
            address(field),
            one.state,
            one.reply,
            reply_address(field) if reply_address else None,
        )
        for field, one in found
        if field is not None
    ]


def _open_first(correction: Correction) -> bool:
    return correction.state is not NoteState.OPEN


def _value(field: Field, value: str | int | None, *, hidden: bool) -> str | None:
    return gettext("Hidden") if hidden else shown(field, value)
