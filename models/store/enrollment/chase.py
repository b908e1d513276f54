"""What happens when a deadline of an enrollment comes: a reminder, a warning, a task for the supervisor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import Actor
from models.domain.core.dates import day_in_words
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.tasks import LIVE, TASK_RULES, TaskKind
from models.domain.enrollment.chase import DeadlineKind
from models.domain.enrollment.lifecycle import NextStep, SectionState
from models.queries.enrollment.process import step_of
from models.store.core.deadlines import fire_deadline
from models.store.core.tasks import open_task
from models.store.enrollment.gathering import ask_applicant
from models.store.enrollment.mail import (
    account_language,
    location_name,
    mail_account,
    mail_administrator,
    mail_coordinator_link,
    mail_signer_link,
)
from models.store.enrollment.review import staff_titles
from models.store.enrollment.rows import lock_enrollment
from models.tables.core.tasks import Deadline, Task
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature
from models.tables.identity.accounts import Account, AccountStatus, GrantRow


def fire(session: Session, *, deadline_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Do what a deadline is for, once; one that was cancelled meanwhile does nothing. Returns what comes next."""
    enrollment_id = session.execute(select(Deadline.entity_id).where(Deadline.id == deadline_id)).scalar_one()
    enrollment = lock_enrollment(session, enrollment_id)
    deadline = fire_deadline(session, deadline_id=deadline_id, as_of=as_of)
    task = session.get(Task, deadline.subject_id, populate_existing=True) if deadline else None
    if deadline is not None and task is not None and task.status in LIVE:
        _act(session, enrollment, DeadlineKind(deadline.kind), task, by=by)
    session.flush()
    step = step_of(session, enrollment)
    if step is NextStep.GATHER:
        ask_applicant(session, enrollment, as_of=as_of, by=by)
    return step


def _act(session: Session, enrollment: Enrollment, kind: DeadlineKind, task: Task, *, by: Actor) -> None:
    cause_key = f"{task.opening_key}/{kind}"
    if kind is DeadlineKind.BREACH:
        _call_supervisor(session, enrollment, task, by=by)
    elif kind is DeadlineKind.WARNING:
        _warn(session, enrollment, task, by=by)
    elif task.kind == TaskKind.SIGN_SECTION:
        signature = session.get_one(Signature, task.subject_id)
        mail_signer_link(session, enrollment, signature, template="sign_reminder", by=by, cause_key=cause_key)
    elif task.kind == TaskKind.COMPLETE_SECTION:
        _remind_of_section(session, enrollment, session.get_one(Section, task.subject_id), by=by, cause_key=cause_key)
    else:
        mail_administrator(session, enrollment, template="submit_reminder", by=by, cause_key=cause_key)


def _remind_of_section(
    session: Session, enrollment: Enrollment, section: Section, *, by: Actor, cause_key: str
) -> None:
    """A coordinator who has not joined gets a fresh link; whoever has an account gets the way to the page."""
    if section.state == SectionState.INVITED:
        mail_coordinator_link(session, enrollment, section, template="join_reminder", by=by, cause_key=cause_key)
        return
    mail_account(
        session,
        enrollment,
        section.coordinator_account_id or enrollment.admin_account_id,
        template="section_reminder",
        params={"location": location_name(session, section)},
        by=by,
        cause_key=cause_key,
    )


def _warn(session: Session, enrollment: Enrollment, task: Task, *, by: Actor) -> None:
    """Warn whoever holds the task, or everybody who may take it, before the promise is broken."""
    rule = TASK_RULES[TaskKind(task.kind)]
    holders = [task.assignee_id] if task.assignee_id else _team(session, rule.candidate_role, task.team)
    _mail_staff(
        session, enrollment, task, "review_due_soon", [one for one in holders if one not in task.excluded], by=by
    )


def _call_supervisor(session: Session, enrollment: Enrollment, task: Task, *, by: Actor) -> None:
    """Give the supervisor the late task to extend or to put into other hands."""
    assert task.due_at is not None
    opened = open_task(
        session,
        process_id=task.process_id,
        kind=TaskKind.RESOLVE_OVERDUE_TASK,
        subject_id=task.id,
        org_id=enrollment.org_id,
        opening_key=f"{task.opening_key}/overdue/{task.due_at.isoformat()}",
        title_values={**staff_titles(session, enrollment), "task_kind": task.kind},
        due_at=task.due_at,
        by=by,
    )
    _mail_staff(session, enrollment, opened, "review_overdue", _team(session, Role.SUP, opened.team), by=by)


def _mail_staff(
    session: Session, enrollment: Enrollment, task: Task, template: str, account_ids: list[UUID], *, by: Actor
) -> None:
    assert task.due_at is not None
    for account_id in account_ids:
        mail_account(
            session,
            enrollment,
            account_id,
            template=template,
            params={
                "due": day_in_words(task.due_at, account_language(session, account_id)),
                "path": f"/tasks/{task.id}",
            },
            by=by,
            cause_key=f"{task.opening_key}/{template}/{task.due_at.isoformat()}/{account_id}",
        )


def _team(session: Session, role: Role | None, team: str | None) -> list[UUID]:
    statement = (
        select(GrantRow.account_id)
        .join(Account, Account.id == GrantRow.account_id)
        .where(GrantRow.role == role, GrantRow.ended_at.is_(None), Account.status == AccountStatus.ACTIVE)
        .where(GrantRow.scope_type == ScopeType.TEAM, GrantRow.scope_id == team)
        .order_by(GrantRow.account_id)
    )
    return list(session.execute(statement).scalars())
