"""What the process does while state staff have the enrollment in hand: it asks for review and approval (E8, E10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.enrollment.declares import DeadlineKind, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind
from models.domain.enrollment.review import warning_due
from models.queries.core.involvement import empowered_by
from models.queries.core.program import office_calendar, setting
from models.queries.enrollment.process import decisions_of, process_of
from models.store.core.act import Act
from models.store.core.deadlines import set_deadline
from models.store.core.tasks import open_task
from models.store.enrollment.gathering import withdraw_others
from models.store.enrollment.mail import organization_name
from models.store.enrollment.rows import audit_enrollment, sections_of
from models.tables.core.tasks import Task
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
        enrollment.state, enrollment.state_since = EnrollmentState.IN_APPROVAL, act.now
        key = f"enrollment/{enrollment.id}/in_approval/{enrollment.submission}"
        audit_enrollment(act.because(key), enrollment, "enrollment.in_approval")
    excluded = (reviewer, *sorted(empowered_by(act.session, (reviewer,))))
    _ask(act, enrollment, TaskKind.APPROVE_ENROLLMENT, "approve", excluded=excluded)


def set_review_clock(
    session: Session, enrollment: Enrollment, task: Task, *, begun_at: datetime, as_of: datetime
) -> None:
    """Set when a staff task is warned of and when it is late; a warning that would come too late is left out."""
    assert task.due_at is not None
    calendar = office_calendar(session, as_of)
    percent = setting(session, "enrollment_review_warning_percent", as_of)
    warn_at = warning_due(begun_at, task.due_at, percent, calendar)
    moments = {DeadlineKind.BREACH: task.due_at}
    if warn_at >= as_of:
        moments[DeadlineKind.WARNING] = warn_at
    for kind, due_at in moments.items():
        set_deadline(
            session,
            process_id=task.process_id,
            kind=kind,
            subject_id=task.id,
            due_at=due_at,
        )


def _ask(act: Act, enrollment: Enrollment, kind: TaskKind, word: str, *, excluded: Collection[UUID]) -> None:
    key = f"enrollment/{enrollment.id}/{word}/{enrollment.submission}"
    if withdraw_others(act, enrollment, keep=key):
        return  # asked before, and the clock was set with it
    task = open_task(
        act,
        process_id=process_of(act.session, enrollment.id),
        kind=kind,
        subject_id=enrollment.id,
        org_id=enrollment.org_id,
        opening_key=key,
        excluded=excluded,
        title_values=staff_titles(act.session, enrollment),
        due_at=enrollment.review_due_at,
    )
    if task.version == 1 and enrollment.submitted_at is not None:
        set_review_clock(act.session, enrollment, task, begun_at=enrollment.submitted_at, as_of=act.now)


def staff_titles(session: Session, enrollment: Enrollment) -> dict[str, str]:
    """What the inbox of state staff says about an enrollment."""
    locations = len(sections_of(session, enrollment.id, SectionKind.B))
    return {
        "organization": organization_name(session, enrollment.org_id),
        "reference": enrollment.reference,
        "locations": str(locations),
        "submission": str(enrollment.submission),
    }
