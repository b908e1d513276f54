"""What a supervisor does about a late review: give it more time, or to somebody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import Actor
from models.domain.core.dates import day_in_words
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.tasks import Outcome, TaskKind
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.lifecycle import EnrollmentAction
from models.domain.enrollment.review import review_due
from models.queries.core.program import office_calendar
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


def extend_review(
    session: Session,
    *,
    task_id: UUID,
    version: int | None,
    business_days: int,
    reason: str = "",
    by: Actor,
    cause_key: str,
) -> None:
    """Give a late review or approval more business days from now on; the applicant is told the new date.

    `task_id` is the supervisor's task. Refused: `out_of_range` (on `business_days`), `task_over` when the
    late task was decided meanwhile.
    """
    enrollment, task = lock_decision(
        session, EnrollmentAction.EXTEND_REVIEW, TaskKind.RESOLVE_OVERDUE_TASK, task_id, version, by
    )
    _more_time(session, enrollment, task.subject_id, business_days, reason, by=by, cause_key=cause_key)
    decide_task(session, task=task, outcome=Outcome.EXTENDED, by=by, cause_key=cause_key)


def assign_review(
    session: Session,
    *,
    task_id: UUID,
    version: int | None,
    assignee_id: UUID,
    business_days: int,
    reason: str = "",
    by: Actor,
    cause_key: str,
) -> None:
    """Put a late review or approval into another reviewer's hands, with more business days.

    Refused besides: `not_a_reviewer`, `second_person` and `own_organization` (on `assignee`).
    """
    enrollment, task = lock_decision(
        session, EnrollmentAction.ASSIGN_REVIEW, TaskKind.RESOLVE_OVERDUE_TASK, task_id, version, by
    )
    _check_reviewer(session, session.get_one(Task, task.subject_id), assignee_id)
    assign_task(session, task_id=task.subject_id, to=assignee_id, by=by, cause_key=cause_key)
    _more_time(session, enrollment, task.subject_id, business_days, reason, by=by, cause_key=cause_key)
    decide_task(session, task=task, outcome=Outcome.ASSIGNED, by=by, cause_key=cause_key)


def _more_time(
    session: Session,
    enrollment: Enrollment,
    late_id: UUID,
    business_days: int,
    reason: str,
    *,
    by: Actor,
    cause_key: str,
) -> None:
    if not 1 <= business_days <= LONGEST_EXTENSION:
        message = f"Enter a number from 1 to {LONGEST_EXTENSION}."
        raise RuleViolation("out_of_range", message, "business_days", low=1, high=LONGEST_EXTENSION)
    now = db_now(session)
    due_at = review_due(now, business_days, office_calendar(session, now))
    late = move_due(session, task_id=late_id, due_at=due_at, by=by, cause_key=cause_key)
    set_review_clock(session, enrollment, late, begun_at=now, as_of=now)
    enrollment.review_due_at = due_at
    audit_enrollment(
        session,
        enrollment,
        "review.extend",
        by=by,
        cause_key=cause_key,
        detail={"due_at": due_at.isoformat(), "reason": reason.strip()},
    )
    _tell_applicant(session, enrollment, due_at, by=by, cause_key=cause_key)


def _tell_applicant(session: Session, enrollment: Enrollment, due_at: datetime, *, by: Actor, cause_key: str) -> None:
    language = account_language(session, enrollment.admin_account_id)
    mail_administrator(
        session,
        enrollment,
        template="review_takes_longer",
        by=by,
        cause_key=cause_key,
        params={"due": day_in_words(due_at, language)},
    )


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
