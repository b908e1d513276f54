"""What a supervisor does about a late review: give it more time, or to somebody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.dates import day_in_words
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.declares import Outcome, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentAction
from models.domain.enrollment.review import review_due
from models.queries.core.program import office_calendar
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.tasks import assign_task, decide_task, move_due
from models.store.enrollment.decisions import lock_decision
from models.store.enrollment.mail import account_language, mail_administrator
from models.store.enrollment.review import set_review_clock
from models.store.enrollment.rows import audit_enrollment
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment
from models.tables.identity.accounts import GrantRow

LONGEST_EXTENSION = 20


def extend_review(act: Act, *, task_id: UUID, version: int | None, business_days: int, reason: str = "") -> None:
    """Give a late review or approval more business days from now on; the applicant is told the new date.

    `task_id` is the supervisor's task. Refused: `out_of_range` (on `business_days`), `task_over` when the
    late task was decided meanwhile.
    """
    enrollment, task = lock_decision(
        act, EnrollmentAction.EXTEND_REVIEW, TaskKind.RESOLVE_OVERDUE_TASK, task_id, version
    )
    _more_time(act, enrollment, task.subject_id, business_days, reason)
    decide_task(act, task=task, outcome=Outcome.EXTENDED)


def assign_review(
    act: Act, *, task_id: UUID, version: int | None, assignee_id: UUID, business_days: int, reason: str = ""
) -> None:
    """Put a late review or approval into another reviewer's hands, with more business days.

    Refused besides: `not_a_reviewer`, `second_person` and `own_organization` (on `assignee`).
    """
    enrollment, task = lock_decision(
        act, EnrollmentAction.ASSIGN_REVIEW, TaskKind.RESOLVE_OVERDUE_TASK, task_id, version
    )
    _check_reviewer(act.session, act.session.get_one(Task, task.subject_id), assignee_id)
    assign_task(act, task_id=task.subject_id, to=assignee_id)
    _more_time(act, enrollment, task.subject_id, business_days, reason)
    decide_task(act, task=task, outcome=Outcome.ASSIGNED)


def _more_time(act: Act, enrollment: Enrollment, late_id: UUID, business_days: int, reason: str) -> None:
    if not 1 <= business_days <= LONGEST_EXTENSION:
        message = f"Enter a number from 1 to {LONGEST_EXTENSION}."
        raise RuleViolation("out_of_range", message, "business_days", low=1, high=LONGEST_EXTENSION)
    now = db_now(act.session)
    due_at = review_due(now, business_days, office_calendar(act.session, now))
    late = move_due(act, task_id=late_id, due_at=due_at)
    set_review_clock(act.session, enrollment, late, begun_at=now, as_of=now)
    enrollment.review_due_at = due_at
    audit_enrollment(act, enrollment, "review.extend", detail={"due_at": due_at.isoformat(), "reason": reason.strip()})
    _tell_applicant(act, enrollment, due_at)


def _tell_applicant(act: Act, enrollment: Enrollment, due_at: datetime) -> None:
    language = account_language(act.session, enrollment.admin_account_id)
    mail_administrator(act, enrollment, template="review_takes_longer", params={"due": day_in_words(due_at, language)})


def _check_reviewer(session: Session, late: Task, assignee_id: UUID) -> None:
    reviewer = select(GrantRow.id).where(
        GrantRow.account_id == assignee_id,
        GrantRow.role == Role.REV,
        GrantRow.scope_type == ScopeType.TEAM,
        GrantRow.scope_id == late.team,
        GrantRow.ended_at.is_(None),
    )
    if session.execute(reviewer).first() is None:
        raise RuleViolation("not_a_reviewer", "Choose somebody of the review team.", "assignee")
