"""What a supervisor does about a late review: give it more time, or to somebody else."""

from __future__ import annotations

from uuid import UUID

from models.domain.core.chase import due_after
from models.domain.core.permissions import Role
from models.domain.core.reasons import reason_problems
from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentAction
from models.queries.core.program import office_calendar
from models.queries.core.teams import holders
from models.store.core.act import Act
from models.store.core.asking import start_clock
from models.store.core.mail.sending import send
from models.store.core.tasks import assign_task, decide_task, move_due
from models.store.enrollment.decisions import lock_staff_task
from models.store.enrollment.mail import about
from models.store.enrollment.review import review_promise
from models.store.enrollment.rows import audit_enrollment
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment

LONGEST_EXTENSION = 20


def extend_review(act: Act, *, task_id: UUID, version: int | None, business_days: int, reason: str = "") -> None:
    """Give a late review or approval more business days from now on; the applicant is told the new date.

    `task_id` is the supervisor's task. Refused: `out_of_range` (on `business_days`), `task_over` when the
    late task was decided meanwhile.
    """
    actions = {TaskKind.RESOLVE_OVERDUE_TASK: EnrollmentAction.EXTEND_REVIEW}
    enrollment, task = lock_staff_task(act, task_id=task_id, version=version, actions=actions)
    _more_time(act, enrollment, task, business_days, reason)
    decide_task(act, task=task, outcome=Outcome.EXTENDED)


def assign_review(
    act: Act, *, task_id: UUID, version: int | None, assignee_id: UUID, business_days: int, reason: str = ""
) -> None:
    """Put a late review or approval into another reviewer's hands, with more business days.

    Refused besides: `not_a_reviewer`, `second_person` and `own_organization` (on `assignee`).
    """
    actions = {TaskKind.RESOLVE_OVERDUE_TASK: EnrollmentAction.ASSIGN_REVIEW}
    enrollment, task = lock_staff_task(act, task_id=task_id, version=version, actions=actions)
    if task.team is None or assignee_id not in holders(act.session, Role.REV, task.team):
        raise RuleViolation("not_a_reviewer", "Choose someone on the review team.", "assignee")
    assign_task(act, task_id=task.subject_id, to=assignee_id)
    _more_time(act, enrollment, task, business_days, reason)
    decide_task(act, task=task, outcome=Outcome.ASSIGNED)


def _more_time(act: Act, enrollment: Enrollment, task: Task, business_days: int, reason: str) -> None:
    """More time for the late task that a supervisor's task is about."""
    if not 1 <= business_days <= LONGEST_EXTENSION:
        message = f"Enter a number from 1 to {LONGEST_EXTENSION}."
        raise RuleViolation("out_of_range", message, "business_days", low=1, high=LONGEST_EXTENSION)
    refuse(reason_problems(reason))
    due_at = due_after(act.now, business_days, office_calendar(act.session, act.now))
    late = move_due(act, task_id=task.subject_id, due_at=due_at)
    start_clock(act, late, review_promise(act.now, due_at))
    enrollment.review_due_at = due_at
    audit_enrollment(act, enrollment, "review.extend", detail={"due_at": due_at.isoformat(), "reason": reason.strip()})
    subject = about(act.session, enrollment)
    send(act, "review_takes_longer", to=enrollment.admin_account_id, about=subject, due=due_at)
