"""What happens when a deadline of a task comes: a reminder, a warning to the team, a task for its supervisor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.core.tasks import LIVE, DeadlineKind
from models.store.core.act import Act
from models.store.core.asking import OVERDUE
from models.store.core.deadlines import fire_deadline
from models.store.core.mail.sending import About, RoleHolders, send
from models.store.core.tasks import open_task
from models.tables.core.tasks import Task

Remind = Callable[[Act, Task], None]


@dataclass(frozen=True, slots=True)
class Chase:
    """What a capability sends: to whom a task was given (by kind), to the team, and to its supervisors.

    `supervision` is the kind of task that asks a supervisor when a promise is broken: that of the late task's team.
    `about` says what the mails to state staff are about; they lead to the page of the task.
    """

    reminders: Mapping[str, Remind]
    about: Callable[[Session, Task], About]
    supervision: str
    warning_template: str | None = None
    breach_template: str | None = None


def fire(act: Act, chase: Chase, *, deadline_id: UUID) -> None:
    """Do what a deadline is for, once; one that was cancelled, or whose task is over, does nothing.

    The caller has locked what the task is about.
    """
    deadline = fire_deadline(act.session, deadline_id=deadline_id, as_of=act.now)
    task = act.session.get(Task, deadline.subject_id, populate_existing=True) if deadline else None
    if deadline is None or task is None or task.status not in LIVE:
        return
    if deadline.kind == DeadlineKind.BREACH:
        _call_supervisor(act, chase, task)
    elif deadline.kind == DeadlineKind.WARNING:
        _warn(act, chase, task)
    elif remind := chase.reminders.get(task.kind):
        remind(act.because(f"{task.opening_key}/{deadline.kind}"), task)


def _warn(act: Act, chase: Chase, task: Task) -> None:
    """Warn whoever holds the task, or everybody who may take it, before the promise is broken."""
    if task.assignee_id is None:
        _mail_staff(act, chase, task, chase.warning_template)
    elif task.assignee_id not in task.excluded:
        _mail_staff(act, chase, task, chase.warning_template, holder=task.assignee_id)


def _call_supervisor(act: Act, chase: Chase, task: Task) -> None:
    """Give the supervisor of the team the late task to extend or to put into other hands."""
    assert task.due_at is not None
    opened = open_task(
        act,
        process_id=task.process_id,
        kind=chase.supervision,
        subject_id=task.id,
        org_id=task.org_id,
        opening_key=f"{task.opening_key}{OVERDUE}{task.due_at.isoformat()}",
        team=task.team,
        title_values={**task.title_values, "task_kind": task.kind},
        due_at=task.due_at,
    )
    _mail_staff(act, chase, opened, chase.breach_template)


def _mail_staff(act: Act, chase: Chase, task: Task, template: str | None, holder: UUID | None = None) -> None:
    """Mail everybody who may take a task, or who holds it, with the way to its page."""
    if template is None or task.due_at is None or task.team is None or task.candidate_role is None:
        return
    part = act.because(f"{task.opening_key}/{template}/{task.due_at.isoformat()}")
    everybody = RoleHolders(Role(task.candidate_role), task.team, but=task.excluded)
    send(
        part.part(holder) if holder else part,
        template,
        to=holder or everybody,
        about=chase.about(act.session, task),
        due=task.due_at,
        path=f"/tasks/{task.id}",
    )
