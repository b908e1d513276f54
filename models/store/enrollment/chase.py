"""What happens when a deadline of an enrollment comes: a reminder, a warning, a task for the supervisor."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.capabilities import task_rule
from models.domain.core.dates import day_in_words
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.tasks import LIVE
from models.domain.enrollment.declares import INVITATIONS, DeadlineKind, TaskKind
from models.domain.enrollment.lifecycle import NextStep, SectionState
from models.queries.core.undeliverable import undeliverable_links
from models.queries.enrollment.process import step_of
from models.store.core.act import Act
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


def fire(act: Act, *, deadline_id: UUID) -> NextStep:
    """Do what a deadline is for, once; one that was cancelled meanwhile does nothing. Returns what comes next."""
    enrollment_id = act.session.execute(select(Deadline.entity_id).where(Deadline.id == deadline_id)).scalar_one()
    enrollment = lock_enrollment(act.session, enrollment_id)
    deadline = fire_deadline(act.session, deadline_id=deadline_id, as_of=act.now)
    task = act.session.get(Task, deadline.subject_id, populate_existing=True) if deadline else None
    if deadline is not None and task is not None and task.status in LIVE:
        _act(act, enrollment, DeadlineKind(deadline.kind), task)
    act.session.flush()
    step = step_of(act.session, enrollment)
    if step is NextStep.GATHER:
        ask_applicant(act, enrollment)
    return step


def _act(act: Act, enrollment: Enrollment, kind: DeadlineKind, task: Task) -> None:
    cause_key = f"{task.opening_key}/{kind}"
    if kind is DeadlineKind.BREACH:
        _call_supervisor(act, enrollment, task)
    elif kind is DeadlineKind.WARNING:
        _warn(act, enrollment, task)
    elif _unreachable(act.session, enrollment, task):
        return
    elif task.kind == TaskKind.SIGN_SECTION:
        signature = act.session.get_one(Signature, task.subject_id)
        mail_signer_link(act.because(cause_key), enrollment, signature, template="sign_reminder")
    elif task.kind == TaskKind.COMPLETE_SECTION:
        _remind_of_section(act.because(cause_key), enrollment, act.session.get_one(Section, task.subject_id))
    else:
        mail_administrator(act.because(cause_key), enrollment, template="submit_reminder")


def _unreachable(session: Session, enrollment: Enrollment, task: Task) -> bool:
    """Whether the address to be reminded is dead; whoever invited has the task to correct it."""
    dead = undeliverable_links(session, entity_id=enrollment.id, purposes=INVITATIONS, subject_ids=[task.subject_id])
    return task.subject_id in dead


def _remind_of_section(act: Act, enrollment: Enrollment, section: Section) -> None:
    """A coordinator who has not joined gets a fresh link; whoever has an account gets the way to the page."""
    if section.state == SectionState.INVITED:
        mail_coordinator_link(act, enrollment, section, template="join_reminder")
        return
    mail_account(
        act,
        enrollment,
        section.coordinator_account_id or enrollment.admin_account_id,
        template="section_reminder",
        params={"location": location_name(act.session, section)},
    )


def _warn(act: Act, enrollment: Enrollment, task: Task) -> None:
    """Warn whoever holds the task, or everybody who may take it, before the promise is broken."""
    rule = task_rule(task.kind)
    holders = [task.assignee_id] if task.assignee_id else _team(act.session, rule.candidate_role, task.team)
    _mail_staff(act, enrollment, task, "review_due_soon", [one for one in holders if one not in task.excluded])


def _call_supervisor(act: Act, enrollment: Enrollment, task: Task) -> None:
    """Give the supervisor the late task to extend or to put into other hands."""
    assert task.due_at is not None
    opened = open_task(
        act,
        process_id=task.process_id,
        kind=TaskKind.RESOLVE_OVERDUE_TASK,
        subject_id=task.id,
        org_id=enrollment.org_id,
        opening_key=f"{task.opening_key}/overdue/{task.due_at.isoformat()}",
        title_values={**staff_titles(act.session, enrollment), "task_kind": task.kind},
        due_at=task.due_at,
    )
    _mail_staff(act, enrollment, opened, "review_overdue", _team(act.session, Role.SUP, opened.team))


def _mail_staff(act: Act, enrollment: Enrollment, task: Task, template: str, account_ids: list[UUID]) -> None:
    assert task.due_at is not None
    for account_id in account_ids:
        mail_account(
            act.because(f"{task.opening_key}/{template}/{task.due_at.isoformat()}/{account_id}"),
            enrollment,
            account_id,
            template=template,
            params={
                "due": day_in_words(task.due_at, account_language(act.session, account_id)),
                "path": f"/tasks/{task.id}",
            },
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
