"""What people decide about an enrollment as a whole: submit, recommend, approve, return, deny, withdraw (E5, E9).

Submitting and withdrawing are the applicant's facts and move the enrollment at once; what follows from
a reviewer's decision is written by the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.domain.core.dates import day_in_words
from models.domain.core.processes import ProcessEventKind
from models.domain.core.tasks import TASK_RULES, Outcome, TaskKind
from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.lifecycle import (
    EnrollmentAction,
    EnrollmentState,
    NextStep,
    SectionKind,
    SectionState,
    check_allowed,
)
from models.domain.enrollment.review import check_decision, review_due
from models.domain.records.notes import FieldNote
from models.queries.core.processes import process_of
from models.queries.core.program import office_calendar, setting
from models.queries.enrollment.process import next_step_of
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.processes import publish
from models.store.core.tasks import decide_task, lock_live_task
from models.store.enrollment.mail import account_language, mail_administrator
from models.store.enrollment.rows import audit_enrollment, lock_enrollment, section_kinds, sections_of, settle
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Decision, Enrollment, ReturnNote

_ENTITY = select(Task.entity_id).where(Task.id == bindparam("task_id"), Task.kind == bindparam("task_kind"))
_LOCK_BY_TASK = (
    select(Enrollment)
    .where(Enrollment.id == _ENTITY.scalar_subquery())
    .with_for_update()
    .execution_options(populate_existing=True)
)


def submit_enrollment(act: Act, *, enrollment_id: UUID) -> None:
    """Submit A and B together; the clock of the review begins. Refused: `not_all_signed`, one for each."""
    enrollment = lock_enrollment(act.session, enrollment_id, EnrollmentAction.SUBMIT)
    _check_all_signed(act.session, enrollment)
    now = db_now(act.session)
    days = setting(act.session, "enrollment_review_business_days", now)
    enrollment.state, enrollment.state_since = EnrollmentState.IN_REVIEW, now
    enrollment.submitted_at = now
    enrollment.review_due_at = review_due(now, days, office_calendar(act.session, now))
    audit_enrollment(act, enrollment, "enrollment.submit", detail={"submission": enrollment.submission})
    due = day_in_words(enrollment.review_due_at, account_language(act.session, enrollment.admin_account_id))
    mail_administrator(act, enrollment, template="enrollment_submitted", params={"due": due, "days": str(days)})
    settle(act, enrollment, TaskKind.SUBMIT_ENROLLMENT, enrollment.id, Outcome.SUBMITTED)


def decide_review(
    act: Act, *, task_id: UUID, version: int | None, outcome: Outcome, reason: str = "", notes: Sequence[FieldNote] = ()
) -> None:
    """The reviewer recommends, returns or denies."""
    _decide(act, EnrollmentAction.DECIDE_REVIEW, TaskKind.REVIEW_ENROLLMENT, task_id, version, outcome, reason, notes)


def decide_approval(
    act: Act, *, task_id: UUID, version: int | None, outcome: Outcome, reason: str = "", notes: Sequence[FieldNote] = ()
) -> None:
    """The second person, never the reviewer, approves, returns or denies."""
    _decide(
        act, EnrollmentAction.DECIDE_APPROVAL, TaskKind.APPROVE_ENROLLMENT, task_id, version, outcome, reason, notes
    )


def withdraw_enrollment(act: Act, *, enrollment_id: UUID, reason: str = "") -> None:
    """Withdraw an enrollment. Refused (`already_decided`) once it was approved or denied, even a moment ago."""
    enrollment = lock_enrollment(act.session, enrollment_id, EnrollmentAction.WITHDRAW)
    if next_step_of(act.session, enrollment.id) in (NextStep.ACTIVATE, NextStep.DENY):
        raise RuleViolation("already_decided", "The enrollment has been decided a moment ago.")
    if len(reason) > 2000:
        raise RuleViolation("too_long", "Use 2000 characters or fewer.", "reason", max=2000)
    enrollment.state, enrollment.state_since = EnrollmentState.WITHDRAWN, func.db_now()
    enrollment.withdrawn_because = reason.strip() or None
    audit_enrollment(act, enrollment, "enrollment.withdraw")
    act.session.flush()
    publish(act, process_id=process_of(act.session, enrollment.id), news=ProcessEventKind.ENROLLMENT_WITHDRAWN)


def _check_all_signed(session: Session, enrollment: Enrollment) -> None:
    sections = sections_of(session, enrollment.id)
    message = "Every section must be signed before you submit."
    found = [
        RuleViolation("not_all_signed", message, str(section.id))
        for section in sections
        if section.state != SectionState.SIGNED
    ]
    if not any(section.kind == SectionKind.B for section in sections):
        found.append(RuleViolation("no_location", "List at least one location."))
    refuse(found)


def _decide(
    act: Act,
    action: EnrollmentAction,
    kind: TaskKind,
    task_id: UUID,
    version: int | None,
    outcome: Outcome,
    reason: str,
    notes: Sequence[FieldNote],
) -> None:
    enrollment, task = lock_decision(act, action, kind, task_id, version)
    kinds = section_kinds(act.session, enrollment.id) if notes else {}
    check_decision(outcome, allowed=TASK_RULES[kind].outcomes, reason=reason, notes=notes, kinds=kinds)
    decision = _store_decision(act, enrollment, task, outcome, reason)
    if outcome is Outcome.RETURNED:
        _store_notes(act.session, decision, notes)
    audit_enrollment(
        act, enrollment, f"enrollment.{outcome}", detail={"submission": enrollment.submission, "task": str(task.id)}
    )
    decide_task(act, task=task, outcome=outcome)


def lock_decision(
    act: Act, action: EnrollmentAction, kind: TaskKind, task_id: UUID, version: int | None
) -> tuple[Enrollment, Task]:
    """Lock the enrollment of a staff task and the task; refused when the task is of another kind."""
    enrollment = act.session.execute(_LOCK_BY_TASK, {"task_id": task_id, "task_kind": kind}).scalar_one_or_none()
    if enrollment is None:
        raise RuleViolation("task_unknown", "There is no such task.")
    task = lock_live_task(act, task_id=task_id, version=version)
    check_allowed(action, EnrollmentState(enrollment.state))
    return enrollment, task


def _store_decision(act: Act, enrollment: Enrollment, task: Task, outcome: Outcome, reason: str) -> Decision:
    assert act.by.id is not None
    decision = Decision(
        id=uuid4(),
        enrollment_id=enrollment.id,
        org_id=enrollment.org_id,
        submission=enrollment.submission,
        task_id=task.id,
        kind=task.kind,
        outcome=outcome,
        reason=reason.strip() or None,
        decided_by=act.by.id,
    )
    act.session.add(decision)
    return decision


def _store_notes(session: Session, decision: Decision, notes: Sequence[FieldNote]) -> None:
    session.flush()
    session.add_all(
        ReturnNote(
            decision_id=decision.id,
            section_id=note.section_id,
            org_id=decision.org_id,
            field=note.field,
            reason=note.reason.strip(),
        )
        for note in notes
    )
