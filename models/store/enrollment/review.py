"""What the process wants while state staff have the enrollment in hand: a review, and a second person's approval
(E8, E10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.chase import Promise
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind
from models.queries.core.involvement import empowered_by
from models.queries.enrollment.process import decisions_of
from models.store.core.act import Act
from models.store.core.asking import Wanted, keep_in_line
from models.store.core.lifecycle import move
from models.store.enrollment.gathering import titles_of
from models.store.enrollment.rows import entity_of, sections_of
from models.tables.enrollment.lifecycle import Enrollment


def ask_reviewer(act: Act, enrollment: Enrollment) -> None:
    """Ask the enrollment team for a review of the submission; the enrollment is locked and to be reviewed."""
    _ask(act, enrollment, TaskKind.REVIEW_ENROLLMENT, "review", excluded=())


def ask_approver(act: Act, enrollment: Enrollment) -> None:
    """Ask for approval, under the same clock, by neither the reviewer nor anybody to whom he or she gave rights.

    The enrollment is locked and to be approved.
    """
    reviewer = decisions_of(act.session, enrollment)[TaskKind.REVIEW_ENROLLMENT].decided_by
    if enrollment.state == EnrollmentState.IN_REVIEW:
        key = f"enrollment/{enrollment.id}/in_approval/{enrollment.submission}"
        move(act.because(key), enrollment, EnrollmentState.IN_APPROVAL)
    excluded = (reviewer, *sorted(empowered_by(act.session, (reviewer,))))
    _ask(act, enrollment, TaskKind.APPROVE_ENROLLMENT, "approve", excluded=excluded)


def review_promise(begun_at: datetime, due_at: datetime) -> Promise:
    """The promise of a decision."""
    return Promise(begun_at, due_at, warning_setting="enrollment_review_warning_percent")


def _ask(act: Act, enrollment: Enrollment, kind: TaskKind, word: str, *, excluded: Collection[UUID]) -> None:
    submitted_at, due_at = enrollment.submitted_at, enrollment.review_due_at
    wanted = Wanted(
        key=f"enrollment/{enrollment.id}/{word}/{enrollment.submission}",
        kind=kind,
        subject_id=enrollment.id,
        excluded=excluded,
        titles=lambda: _titles(act.session, enrollment),
        promise=review_promise(submitted_at, due_at) if submitted_at and due_at else None,
    )
    keep_in_line(act, entity_of(enrollment), [wanted])


def _titles(session: Session, enrollment: Enrollment) -> dict[str, str]:
    """What the inbox of state staff says about an enrollment."""
    locations = len(sections_of(session, enrollment.id, SectionKind.B))
    return titles_of(session, enrollment) | {"locations": str(locations), "submission": str(enrollment.submission)}
