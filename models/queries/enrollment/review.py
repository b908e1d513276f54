"""What a reviewer reads besides the application: earlier decisions with their notes, and what was signed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from models.domain.records.notes import FieldNote
from models.tables.enrollment.lifecycle import Decision, ReturnNote, ReturnReply, Signature
from models.tables.identity.accounts import Account

Answers = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class AnsweredNote(FieldNote):
    """A note with the applicant's reply."""

    reply: str | None = None


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """A decision about this or an earlier submission, with the notes that it returned fields with."""

    kind: str
    outcome: str
    submission: int
    reason: str | None
    name: str
    at: datetime
    notes: tuple[AnsweredNote, ...]


def earlier_decisions(session: Session, enrollment_id: UUID) -> tuple[EarlierDecision, ...]:
    """Every decision about an enrollment, the newest first."""
    statement = (
        select(Decision, Account.name)
        .join(Account, Account.id == Decision.decided_by)
        .where(Decision.enrollment_id == enrollment_id)
        .order_by(Decision.decided_at.desc(), Decision.id)
    )
    found = [(row[0], row[1]) for row in session.execute(statement)]
    notes = _notes(session, [decision.id for decision, _ in found])
    return tuple(
        EarlierDecision(
            kind=decision.kind,
            outcome=decision.outcome,
            submission=decision.submission,
            reason=decision.reason,
            name=name,
            at=decision.decided_at,
            notes=tuple(notes.get(decision.id, ())),
        )
        for decision, name in found
    )


def answers_signed_before(session: Session, enrollment_id: UUID, moment: datetime) -> dict[UUID, Answers]:
    """What each section said when it was last signed before a moment."""
    statement = (
        select(Signature.section_id, Signature.text)
        .where(Signature.enrollment_id == enrollment_id, Signature.signed_at < moment)
        .order_by(Signature.section_id, Signature.role, Signature.signed_at.desc())
        .ext(distinct_on(Signature.section_id, Signature.role))
    )
    signed: dict[UUID, dict[str, Any]] = {}
    for section_id, text in session.execute(statement):
        signed.setdefault(section_id, {}).update(text["answers"])
    return dict(signed)


def _notes(session: Session, decision_ids: list[UUID]) -> dict[UUID, list[AnsweredNote]]:
    newest = (
        select(ReturnReply.reply)
        .where(ReturnReply.note_id == ReturnNote.id)
        .order_by(ReturnReply.created_at.desc(), ReturnReply.id)
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(ReturnNote, newest).where(ReturnNote.decision_id.in_(decision_ids)).order_by(ReturnNote.created_at)
    )
    found: dict[UUID, list[AnsweredNote]] = {}
    for note, reply in session.execute(statement) if decision_ids else ():
        seen = AnsweredNote(note.section_id, note.field, note.reason, reply)
        found.setdefault(note.decision_id, []).append(seen)
    return found
