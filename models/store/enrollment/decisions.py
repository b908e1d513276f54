"""What people decide about an enrollment as a whole: submit, recommend, approve, return, deny, withdraw (E5, E9).

Submitting and withdrawing are the applicant's facts and move the enrollment at once; what follows from
a reviewer's decision is written by the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.domain.capabilities import declared
from models.domain.core.chase import due_after
from models.domain.core.reasons import reason_problems
from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.declares import REVIEW_PROMISE
from models.domain.enrollment.kinds import EventKind, Outcome, TaskKind
from models.domain.enrollment.lifecycle import (
    EnrollmentAction,
    EnrollmentState,
    NextStep,
    SectionKind,
    SectionState,
)
from models.domain.enrollment.review import StaffDecision, check_decision
from models.queries.core.program import office_calendar, setting
from models.queries.enrollment.process import next_step_of, process_of
from models.store.core.act import Act
from models.store.core.lifecycle import check_may, move
from models.store.core.mail.sending import send
from models.store.core.processes import publish
from models.store.core.tasks import decide_task, lock_live_task
from models.store.enrollment.mail import about
from models.store.enrollment.rows import audit_enrollment, lock_enrollment, section_kinds, sections_of, settle
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Decision, Enrollment, ReturnNote

_ENTITY = select(Task.entity_id).where(
    Task.id == bindparam("task_id"), Task.kind.in_(bindparam("task_kinds", expanding=True))
)
_LOCK_BY_TASK = (
    select(Enrollment)
    .where(Enrollment.id == _ENTITY.scalar_subquery())
    .with_for_update()
    .execution_options(populate_existing=True)
)
DECISIONS: Mapping[TaskKind, EnrollmentAction] = {
    TaskKind.REVIEW_ENROLLMENT: EnrollmentAction.DECIDE_REVIEW,
    TaskKind.APPROVE_ENROLLMENT: EnrollmentAction.DECIDE_APPROVAL,
}
"""What deciding a task of state staff is, for the lifecycle."""


def submit_enrollment(act: Act, *, enrollment_id: UUID) -> None:
    """Submit A and B together; the clock of the review begins. Refused: `not_all_signed`, one for each."""
    enrollment = lock_enrollment(act, enrollment_id, EnrollmentAction.SUBMIT)
    _check_all_signed(act.session, enrollment)
    now = act.now
    days = setting(act.session, REVIEW_PROMISE, now)
    due_at = due_after(now, days, office_calendar(act.session, now))
    enrollment.submitted_at, enrollment.review_due_at = now, due_at
    move(act, enrollment, EnrollmentState.IN_REVIEW, detail={"submission": enrollment.submission})
    subject = about(act.session, enrollment)
    send(act, "enrollment_submitted", to=enrollment.admin_account_id, about=subject, due=due_at, days=days)
    settle(act, enrollment, TaskKind.SUBMIT_ENROLLMENT, enrollment.id, Outcome.SUBMITTED)


def decide(act: Act, *, task_id: UUID, version: int | None, decision: StaffDecision) -> None:
    """A reviewer recommends, returns or denies; the second person, never the reviewer, approves, returns or denies.

    Which of the two it is says the kind of the task.
    """
    enrollment, task = lock_staff_task(act, task_id=task_id, version=version, actions=DECISIONS)
    rule = declared().task_rules[TaskKind(task.kind)]
    kinds = section_kinds(act.session, enrollment.id) if decision.notes else {}
    check_decision(decision, allowed=rule.outcomes, kinds=kinds)
    _store_decision(act, enrollment, task, decision)
    audit_enrollment(
        act,
        enrollment,
        f"enrollment.{decision.outcome}",
        detail={"submission": enrollment.submission, "task": str(task.id)},
    )
    decide_task(act, task=task, outcome=decision.outcome)


def withdraw_enrollment(act: Act, *, enrollment_id: UUID, reason: str = "") -> None:
    """Withdraw an enrollment. Refused (`already_decided`) once it was approved or denied, even a moment ago."""
    enrollment = lock_enrollment(act, enrollment_id, EnrollmentAction.WITHDRAW)
    if next_step_of(act.session, enrollment.id) in (NextStep.ACTIVATE, NextStep.DENY):
        raise RuleViolation("already_decided", "The enrollment has been decided a moment ago.")
    refuse(reason_problems(reason))
    enrollment.withdrawn_because = reason.strip() or None
    move(act, enrollment, EnrollmentState.WITHDRAWN)
    act.session.flush()
    publish(act, process_id=process_of(act.session, enrollment.id), news=EventKind.ENROLLMENT_WITHDRAWN)


def _check_all_signed(session: Session, enrollment: Enrollment) -> None:
    sections = sections_of(session, enrollment.id)
    message = "Every section must be signed before you submit."
    found = [
        RuleViolation("not_all_signed", message, str(section.id))
        for section in sections
        if section.state != SectionState.SIGNED
    ]
    if not any(section.kind == SectionKind.B for section in sections):
        found.append(RuleViolation("no_location", "Add at least one location."))
    refuse(found)


def lock_staff_task(
    act: Act, *, task_id: UUID, version: int | None, actions: Mapping[TaskKind, EnrollmentAction]
) -> tuple[Enrollment, Task]:
    """Lock the enrollment of a staff task and the task; refused when it is of none of the kinds that have an action."""
    found = act.session.execute(_LOCK_BY_TASK, {"task_id": task_id, "task_kinds": list(actions)}).scalar_one_or_none()
    if found is None:
        raise RuleViolation("task_unknown", "There is no such task.")
    task = lock_live_task(act, task_id=task_id, version=version)
    check_may(act, found, actions[TaskKind(task.kind)])
    return found, task


def _store_decision(act: Act, enrollment: Enrollment, task: Task, decided: StaffDecision) -> None:
    assert act.by.id is not None
    decision = Decision(
        id=uuid4(),
        enrollment_id=enrollment.id,
        org_id=enrollment.org_id,
        submission=enrollment.submission,
        task_id=task.id,
        kind=task.kind,
        outcome=decided.outcome,
        reason=decided.reason.strip() or None,
        decided_by=act.by.id,
    )
    act.session.add(decision)
    if decided.outcome != Outcome.RETURNED:
        return
    act.session.flush()
    act.session.add_all(
        ReturnNote(
            decision_id=decision.id,
            section_id=note.section_id,
            org_id=decision.org_id,
            field=note.field,
            reason=note.reason.strip(),
        )
        for note in decided.notes
    )
