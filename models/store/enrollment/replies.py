"""What the applicant answers to the reviewer's notes, where an answer is right as it stands or needs a word (E9)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import select

from models.domain.core.reasons import reason_problems
from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.kinds import Outcome
from models.domain.enrollment.lifecycle import EnrollmentAction
from models.store.core.act import Act
from models.store.enrollment.rows import audit_enrollment, lock_section
from models.tables.enrollment.lifecycle import Decision, Enrollment, ReturnNote, ReturnReply, Section


def reply_to_notes(act: Act, *, section_id: UUID, replies: Mapping[UUID, str]) -> None:
    """Answer notes of the last return, each by its id; an answer again takes the place of the one before.

    Refused, each on the note's id: `reply_missing`, `too_long`, and `note_unknown` for a note of another return.
    """
    enrollment, section = lock_section(act, section_id, EnrollmentAction.REPLY_TO_NOTE)
    assert act.by.id is not None
    refuse(_problems(replies, _notes(act, enrollment, section)))
    act.session.add_all(
        ReturnReply(id=uuid4(), note_id=note_id, org_id=enrollment.org_id, reply=reply.strip(), replied_by=act.by.id)
        for note_id, reply in replies.items()
    )
    audit_enrollment(act, enrollment, "section.reply", section=section, detail={"notes": len(replies)})


def _notes(act: Act, enrollment: Enrollment, section: Section) -> set[UUID]:
    """The notes on a section with which the enrollment was returned last."""
    statement = (
        select(ReturnNote.id)
        .join(Decision, Decision.id == ReturnNote.decision_id)
        .where(ReturnNote.section_id == section.id, Decision.outcome == Outcome.RETURNED)
        .where(Decision.submission == enrollment.submission - 1)
    )
    return set(act.session.scalars(statement))


def _problems(replies: Mapping[UUID, str], notes: set[UUID]) -> list[RuleViolation]:
    found = [] if replies else [RuleViolation("reply_missing", "Write your reply.")]
    for note_id, reply in replies.items():
        if note_id not in notes:
            found.append(RuleViolation("note_unknown", "This note is not there any more.", str(note_id)))
        if not reply.strip():
            found.append(RuleViolation("reply_missing", "Write your reply.", str(note_id)))
        found += reason_problems(reply, field=str(note_id))
    return found
