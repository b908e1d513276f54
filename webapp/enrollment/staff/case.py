"""The enrollment that a task is about, as far as the person may read it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.permissions import Permission, Reach
from models.queries.enrollment.application import Application, find_application
from models.queries.enrollment.review import EarlierDecision, answers_signed_before, earlier_decisions
from webapp.core.permissions import current_reach
from webapp.enrollment.staff.record_sections import Past, SectionPart, last_return, section_parts

WHOLE = Reach(allowed=True, everything=True)


@dataclass(frozen=True, slots=True)
class Case:
    """An enrollment before state staff. `parts` is empty for those who may not read enrollments."""

    application: Application
    decisions: tuple[EarlierDecision, ...]
    parts: tuple[SectionPart, ...]

    @property
    def changes(self) -> int:
        return sum(part.changes for part in self.parts)

    @property
    def latest(self) -> EarlierDecision | None:
        """The decision about this very submission, which an approver wants to see."""
        return next((one for one in self.decisions if one.submission == self.application.submission), None)


def read_case(session: Session, enrollment_id: UUID) -> Case:
    """Everything that state staff read about an enrollment that is in their sight."""
    application = find_application(session, enrollment_id, WHOLE)
    assert application is not None
    decisions = earlier_decisions(session, enrollment_id)
    returned_at = last_return(decisions)
    signed = answers_signed_before(session, enrollment_id, returned_at) if returned_at else {}
    reach = current_reach(Permission.ENROLLMENT_READ)
    parts = section_parts(application, Past(signed, decisions), masked=reach.masked) if reach.allowed else ()
    return Case(application, decisions, parts)
