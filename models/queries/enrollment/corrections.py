"""Reading the notes of the last return, each with what the field said then and the reply that was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from models.domain.enrollment.kinds import Outcome
from models.domain.enrollment.lifecycle import EnrollmentState
from models.domain.records.notes import Correction, note_state
from models.domain.records.values import Answers
from models.queries.enrollment.review import answers_signed_before
from models.tables.enrollment.lifecycle import Decision, Enrollment, ReturnNote, ReturnReply


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note on a field; `before` is what its section said when it was returned."""

    note_id: UUID
    field: str
    reason: str
    reply: str | None
    before: Answers | None

    def seen_in(self, answers: Answers) -> Correction:
        """What became of it, by the present answers."""
        state = note_state(self.field, answers, self.before, self.reply)
        return Correction(self.note_id, self.field, self.reason, state, self.reply)


def read_corrections(
    session: Session, enrollment: Enrollment, last: Decision | None
) -> Mapping[UUID, tuple[NoteRow, ...]]:
    """The notes of the last return by section, as long as the applicant has the enrollment in hand because of it."""
    if enrollment.state != EnrollmentState.RETURNED or last is None or last.outcome != Outcome.RETURNED:
        return {}
    statement = select(ReturnNote).where(ReturnNote.decision_id == last.id).order_by(ReturnNote.created_at)
    notes = list(session.scalars(statement))
    replies = replies_to(session, [note.id for note in notes])
    signed = answers_signed_before(session, enrollment.id, last.decided_at)
    found: dict[UUID, tuple[NoteRow, ...]] = {}
    for note in notes:
        row = NoteRow(note.id, note.field, note.reason, replies.get(note.id), signed.get(note.section_id))
        found[note.section_id] = (*found.get(note.section_id, ()), row)
    return found


def replies_to(session: Session, note_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The newest reply to each note that has one."""
    statement = (
        select(ReturnReply.note_id, ReturnReply.reply)
        .where(ReturnReply.note_id.in_(list(note_ids)))
        .order_by(ReturnReply.note_id, ReturnReply.created_at.desc(), ReturnReply.id)
        .ext(distinct_on(ReturnReply.note_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}
