"""Human tasks: opened and withdrawn by processes; claimed, released and decided by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.domain.actors import Actor, ActorKind
from models.domain.permissions import Role
from models.domain.processes import NewsKind
from models.domain.tasks import (
    CLAIM_LASTS,
    LIVE,
    TASK_RULES,
    Outcome,
    TaskKind,
    TaskStatus,
)
from models.domain.violations import RuleViolation
from models.store.audit import record
from models.store.clock import db_now
from models.store.deadlines import cancel_deadlines
from models.store.processes import tell
from models.tables.identity import Account
from models.tables.processes import Process
from models.tables.tasks import Task


def task_id_for(opening_key: str) -> UUID:
    """The id of the task that a cause opens: built from facts, so a process started again finds it."""
    return uuid5(NAMESPACE_URL, f"task/{opening_key}")


def open_task(
    session: Session,
    *,
    process_id: UUID,
    kind: TaskKind,
    subject_id: UUID,
    org_id: UUID,
    opening_key: str,
    by: Actor,
    location_id: UUID | None = None,
    candidate_role: Role | None = None,
    excluded: Collection[UUID] = (),
    title_values: Mapping[str, str] | None = None,
    due_at: datetime | None = None,
) -> Task:
    """Open a task, or return the one that this cause opened before, whatever became of it."""
    rule = TASK_RULES[kind]
    process = session.get_one(Process, process_id)
    statement = insert(Task).values(
        id=task_id_for(opening_key),
        process_id=process_id,
        kind=kind,
        entity_type=process.entity_type,
        entity_id=process.entity_id,
        subject_id=subject_id,
        org_id=org_id,
        location_id=location_id,
        team=rule.team,
        candidate_role=candidate_role or rule.candidate_role,
        excluded=list(excluded),
        title_values=dict(title_values or {}),
        status=TaskStatus.OPEN,
        version=1,
        due_at=due_at,
        opening_key=opening_key,
    )
    opened = session.execute(statement.on_conflict_do_nothing(index_elements=["opening_key"]).returning(Task.id))
    if opened.scalar_one_or_none() is not None:
        _audit(
            session,
            by,
            "task.open",
            task_id_for(opening_key),
            org_id,
            opening_key,
            {"kind": kind},
        )
    return session.get_one(Task, task_id_for(opening_key), populate_existing=True)


def claim_task(session: Session, *, task_id: UUID, version: int | None, by: Actor, cause_key: str) -> Task:
    """Take a task; refused (`task_held`, `task_over`, `stale_version`) when somebody else was faster."""
    task = _live(session, task_id, version)
    _refuse_when_held(session, task, by)
    task.status, task.assignee_id = TaskStatus.CLAIMED, by.id
    task.claimed_at = db_now(session)
    task.claim_ends_at = task.claimed_at + CLAIM_LASTS
    task.version += 1
    _audit(session, by, "task.claim", task.id, task.org_id, cause_key, {"kind": task.kind})
    return task


def release_task(session: Session, *, task_id: UUID, by: Actor, cause_key: str) -> Task:
    """Give a task back to its candidates; refused when somebody else holds it."""
    task = _live(session, task_id, None)
    _refuse_when_held(session, task, by)
    _let_go(task)
    _audit(
        session,
        by,
        "task.release",
        task.id,
        task.org_id,
        cause_key,
        {"kind": task.kind},
    )
    return task


def assign_task(session: Session, *, task_id: UUID, to: UUID, by: Actor, cause_key: str) -> Task:
    """Put a task into somebody's hands, whoever holds it now."""
    task = _live(session, task_id, None)
    if to in task.excluded:
        raise RuleViolation("second_person", "The second person must not be the first.", "assignee")
    task.status, task.assignee_id = TaskStatus.CLAIMED, to
    task.claimed_at = db_now(session)
    task.claim_ends_at = task.claimed_at + CLAIM_LASTS
    task.version += 1
    _audit(
        session,
        by,
        "task.assign",
        task.id,
        task.org_id,
        cause_key,
        {"kind": task.kind, "to": str(to)},
    )
    return task


def move_due(session: Session, *, task_id: UUID, due_at: datetime, by: Actor, cause_key: str) -> Task:
    """Give a task another due time."""
    task = _live(session, task_id, None)
    task.due_at = due_at
    task.version += 1
    _audit(
        session,
        by,
        "task.move_due",
        task.id,
        task.org_id,
        cause_key,
        {"due_at": due_at.isoformat()},
    )
    return task


def lock_live_task(session: Session, *, task_id: UUID, version: int | None, by: Actor) -> Task:
    """Lock a task that is about to be decided, before the facts of the decision are written."""
    task = _live(session, task_id, version)
    _refuse_when_held(session, task, by)
    if by.kind is ActorKind.PERSON and by.id in task.excluded:
        raise RuleViolation("second_person", "The second person must not be the first.")
    return task


def decide_task(session: Session, *, task: Task, outcome: Outcome, by: Actor, cause_key: str) -> None:
    """Decide a task that `lock_live_task` has locked, and tell its process. Comes last in a transaction."""
    if outcome not in TASK_RULES[TaskKind(task.kind)].outcomes:
        raise RuleViolation("unknown_outcome", "This is not a possible decision.", "outcome")
    task.status, task.outcome = TaskStatus.DONE, outcome
    task.decided_by = by.id if by.kind is ActorKind.PERSON else None
    task.decided_at = db_now(session)
    task.cause_key = cause_key
    task.version += 1
    cancel_deadlines(session, subject_id=task.id)
    _audit(
        session,
        by,
        f"task.{outcome}",
        task.id,
        task.org_id,
        cause_key,
        {"kind": task.kind},
    )
    session.flush()
    ids = {"task": str(task.id), "subject": str(task.subject_id)}
    tell(
        session,
        process_id=task.process_id,
        news=NewsKind.TASK_DECIDED,
        ids=ids,
        outcome=outcome,
        cause_key=cause_key,
    )


def withdraw_task(session: Session, *, task_id: UUID, because: str, by: Actor, cause_key: str) -> bool:
    """Take back a task that nobody needs any more; False when it was decided or withdrawn before."""
    task = session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.status not in LIVE:
        return False
    task.status, task.withdrawn_because = TaskStatus.WITHDRAWN, because
    task.version += 1
    cancel_deadlines(session, subject_id=task.id)
    _audit(
        session,
        by,
        "task.withdraw",
        task.id,
        task.org_id,
        cause_key,
        {"kind": task.kind, "because": because},
    )
    return True


def live_tasks(session: Session, entity_id: UUID) -> list[Task]:
    """Every task of an entity that waits for a person."""
    statement = select(Task).where(Task.entity_id == entity_id, Task.status.in_(LIVE)).order_by(Task.opened_at, Task.id)
    return list(session.execute(statement).scalars())


def _live(session: Session, task_id: UUID, version: int | None) -> Task:
    task = session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None:
        raise RuleViolation("task_unknown", "There is no such task.")
    if task.status not in LIVE:
        raise RuleViolation("task_over", "This task is already done.", None, status=task.status)
    if version is not None and task.version != version:
        raise RuleViolation("stale_version", "Somebody changed this while you were looking at it.")
    return task


def _refuse_when_held(session: Session, task: Task, by: Actor) -> None:
    held = task.status == TaskStatus.CLAIMED and task.assignee_id != by.id
    if not held or (task.claim_ends_at is not None and task.claim_ends_at <= db_now(session)):
        return
    holder = session.get(Account, task.assignee_id)
    raise RuleViolation(
        "task_held",
        f"{holder.name if holder else '?'} took this task.",
        None,
        name=holder.name if holder else "?",
        since=task.claimed_at,
    )


def _let_go(task: Task) -> None:
    task.status, task.assignee_id = TaskStatus.OPEN, None
    task.claimed_at = task.claim_ends_at = None
    task.version += 1


def _audit(
    session: Session,
    by: Actor,
    action: str,
    task_id: UUID,
    org_id: UUID,
    cause_key: str,
    detail: Mapping[str, object],
) -> None:
    record(
        session,
        by=by,
        action=action,
        object_type="task",
        object_id=task_id,
        org_id=org_id,
        cause_key=cause_key,
        detail=detail,
    )
