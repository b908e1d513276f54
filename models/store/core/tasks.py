"""Human tasks: opened and withdrawn by processes; claimed, released and decided by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.domain.capabilities import task_rule
from models.domain.core.actors import ActorKind
from models.domain.core.permissions import Role
from models.domain.core.processes import ProcessEventKind
from models.domain.core.tasks import CLAIM_LASTS, LIVE, TaskStatus
from models.domain.core.violations import RuleViolation
from models.queries.core.involvement import empowered_by, involved_organizations, involvement
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.claims import refuse_closed
from models.store.core.clock import db_now, keep_now
from models.store.core.deadlines import cancel_deadlines
from models.store.core.processes import publish
from models.tables.core.links import Link
from models.tables.core.processes import Process
from models.tables.core.tasks import Task, open_to, unheld
from models.tables.identity.accounts import Account

_LOCK = (
    select(Task, func.db_now(), involvement(bindparam("account_id", type_=Uuid())))
    .where(Task.id == bindparam("task_id"))
    .with_for_update(of=Task)
    .execution_options(populate_existing=True)
)
_OF_PROCESS = select(Task).where(Task.process_id == bindparam("process_id")).order_by(Task.opened_at, Task.id)


def task_id_for(opening_key: str) -> UUID:
    """The id of the task that a cause opens: built from facts, so a process started again finds it."""
    return uuid5(NAMESPACE_URL, f"task/{opening_key}")


def open_task(
    act: Act,
    *,
    process_id: UUID,
    kind: str,
    subject_id: UUID,
    opening_key: str,
    org_id: UUID | None = None,
    location_id: UUID | None = None,
    team: str | None = None,
    candidate_role: Role | None = None,
    candidate_account_id: UUID | None = None,
    excluded: Collection[UUID] = (),
    title_values: Mapping[str, str] | None = None,
    due_at: datetime | None = None,
) -> Task:
    """Open a task, or return the one that this cause opened before, whatever became of it.

    With `candidate_account_id` it is one person's own, of no role; `org_id` is None where it is about nobody's
    organization.
    """
    rule = task_rule(kind)
    role = None if candidate_account_id else candidate_role or rule.candidate_role
    process = act.session.get_one(Process, process_id)
    statement = insert(Task).values(
        id=task_id_for(opening_key),
        process_id=process_id,
        kind=kind,
        entity_type=process.entity_type,
        entity_id=process.entity_id,
        subject_id=subject_id,
        org_id=org_id,
        location_id=location_id,
        team=team or rule.team,
        candidate_role=role,
        candidate_account_id=candidate_account_id,
        excluded=list(excluded),
        title_values=dict(title_values or {}),
        status=TaskStatus.OPEN,
        version=1,
        due_at=due_at,
        opening_key=opening_key,
    )
    opened = act.session.execute(statement.on_conflict_do_nothing(index_elements=["opening_key"]).returning(Task.id))
    if opened.scalar_one_or_none() is not None:
        _audit(act.because(opening_key), "task.open", task_id_for(opening_key), org_id, {"kind": kind})
    return act.session.get_one(Task, task_id_for(opening_key), populate_existing=True)


def claim_task(act: Act, *, task_id: UUID, version: int | None) -> Task:
    """Take a task; refused (`task_held`, `task_over`, `stale_version`) when somebody else was faster.

    Taking again what one holds already changes nothing.
    """
    refuse_closed(act.session, act.by.id)
    task, involved = _live_and_involved(act.session, task_id, act.by.id)
    _refuse_when_held(act, task)
    _refuse_unfit(act.session, task, act.by.id, involved)
    if not _holds(task, act.by.id, db_now(act.session)):
        _refuse_when_stale(task, version)
        _take(act.session, task, act.by.id)
        _audit(act, "task.claim", task.id, task.org_id, {"kind": task.kind})
    return task


def take_next_task(act: Act, *, seats: Collection[tuple[str, str]], involved_orgs: Collection[UUID]) -> Task | None:
    """Take the most urgent task that nobody holds, among those of `seats` (team and role); None when there is none.

    Passes over tasks that another transaction has locked at this moment, so that no two persons get one.
    """
    assert act.by.id is not None
    refuse_closed(act.session, act.by.id)
    now = db_now(act.session)
    free = and_(unheld(now), open_to(literal(act.by.id), literal(list(involved_orgs), ARRAY(Uuid()))))
    found = [task for team, role in seats if (task := _first_free(act.session, team, role, free)) is not None]
    task = min(found, key=_by_urgency, default=None)
    if task is not None:
        _take(act.session, task, act.by.id)
        _audit(act, "task.claim", task.id, task.org_id, {"kind": task.kind, "next": True})
    return task


def _first_free(session: Session, team: str, role: str, free: ColumnElement[bool]) -> Task | None:
    statement = (
        select(Task)
        .where(Task.team == team, Task.candidate_role == role, free)
        .order_by(Task.due_at, Task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()


def _by_urgency(task: Task) -> tuple[bool, float, UUID]:
    return task.due_at is None, task.due_at.timestamp() if task.due_at else 0.0, task.id


def release_task(act: Act, *, task_id: UUID) -> Task:
    """Give a task back to its candidates; refused when somebody else holds it, nothing when nobody does."""
    task = _live(act.session, task_id)
    _refuse_when_held(act, task)
    if task.assignee_id is not None:
        _let_go(task)
        _audit(act, "task.release", task.id, task.org_id, {"kind": task.kind})
    return task


def assign_task(act: Act, *, task_id: UUID, to: UUID) -> Task:
    """Put a task into somebody's hands, whoever holds it now."""
    refuse_closed(act.session, to, field="assignee")
    task = _live(act.session, task_id)
    _refuse_unfit(act.session, task, to, involved_organizations(act.session, to), field="assignee")
    _take(act.session, task, to)
    _audit(act, "task.assign", task.id, task.org_id, {"kind": task.kind, "to": str(to)})
    return task


def move_due(act: Act, *, task_id: UUID, due_at: datetime) -> Task:
    """Give a task another due time."""
    task = _live(act.session, task_id)
    task.due_at = due_at
    task.version += 1
    _audit(act, "task.move_due", task.id, task.org_id, {"due_at": due_at.isoformat()})
    return task


def lock_live_task(act: Act, *, task_id: UUID, version: int | None) -> Task:
    """Lock a task that is about to be decided, before the facts of the decision are written."""
    task, involved = _live_and_involved(act.session, task_id, act.by.id)
    _refuse_when_held(act, task)
    _refuse_when_stale(task, version)
    if act.by.kind is ActorKind.PERSON:
        _refuse_unfit(act.session, task, act.by.id, involved)
    elif act.by.kind is ActorKind.LINK:
        _refuse_other_link(act.session, task, act.by.id)
    return task


def decide_task(act: Act, *, task: Task, outcome: str) -> None:
    """Decide a task that `lock_live_task` has locked, and tell its process. Comes last in a transaction."""
    if outcome not in task_rule(task.kind).outcomes:
        raise RuleViolation("unknown_outcome", "This is not a possible decision.", "outcome")
    now = db_now(act.session)
    task.status, task.outcome = TaskStatus.DONE, outcome
    task.decided_by = act.by.id if act.by.kind is ActorKind.PERSON else None
    task.decided_at, task.cause_key = now, act.cause_key
    task.version += 1
    _audit(act, f"task.{outcome}", task.id, task.org_id, {"kind": task.kind})
    act.session.flush()
    cancel_deadlines(act.session, process_id=task.process_id, subject_id=task.id)
    ids = {"task": str(task.id), "subject": str(task.subject_id)}
    publish(act, process_id=task.process_id, news=ProcessEventKind.TASK_DECIDED, ids=ids, outcome=outcome)


def withdraw_task(act: Act, *, task_id: UUID, because: str) -> bool:
    """Take back a task that nobody needs any more; False when it was decided or withdrawn before."""
    task = act.session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.status not in LIVE:
        return False
    task.status, task.withdrawn_because = TaskStatus.WITHDRAWN, because
    task.version += 1
    cancel_deadlines(act.session, process_id=task.process_id, subject_id=task.id)
    _audit(act, "task.withdraw", task.id, task.org_id, {"kind": task.kind, "because": because})
    return True


def tasks_of(session: Session, process_id: UUID) -> list[Task]:
    """Every task of a process, also those that are over, the oldest first."""
    return list(session.execute(_OF_PROCESS, {"process_id": process_id}).scalars())


def _live(session: Session, task_id: UUID) -> Task:
    return _live_and_involved(session, task_id, None)[0]


def _live_and_involved(session: Session, task_id: UUID, account_id: UUID | None) -> tuple[Task, frozenset[UUID]]:
    """The task, locked, and the organizations that a person is involved in: all that its rules look at."""
    found = session.execute(_LOCK, {"task_id": task_id, "account_id": account_id}).one_or_none()
    if found is None:
        raise RuleViolation("task_unknown", "There is no such task.")
    task: Task = found[0]
    keep_now(session, found[1])
    if task.status not in LIVE:
        raise _over(session, task)
    return task, frozenset(found[2] or ())


def _over(session: Session, task: Task) -> RuleViolation:
    decider = session.get(Account, task.decided_by) if task.decided_by else None
    return RuleViolation(
        "task_over",
        "This task is already done.",
        None,
        status=task.status,
        outcome=task.outcome,
        name=decider.name if decider else None,
        at=task.decided_at,
    )


def _refuse_when_stale(task: Task, version: int | None) -> None:
    if version is not None and task.version != version:
        raise RuleViolation(
            "stale_version", "Someone changed this while you were looking at it. Check it and try again."
        )


def _holds(task: Task, account_id: UUID | None, now: datetime) -> bool:
    lasts = task.claim_ends_at is None or task.claim_ends_at > now
    return task.status == TaskStatus.CLAIMED and task.assignee_id == account_id and lasts


def _refuse_when_held(act: Act, task: Task) -> None:
    if task.assignee_id == act.by.id or not _holds(task, task.assignee_id, db_now(act.session)):
        return
    holder = act.session.get(Account, task.assignee_id)
    name = holder.name if holder else "?"
    raise RuleViolation("task_held", f"{name} took this task.", None, name=name, since=task.claimed_at)


def _refuse_unfit(
    session: Session, task: Task, account_id: UUID | None, involved: frozenset[UUID], field: str | None = None
) -> None:
    """One person's own task, and rules 1 and 2 of the segregation of duties (S39), by whatever door."""
    if task.candidate_account_id not in (None, account_id):
        raise RuleViolation("not_candidate", "This task is for somebody else.", field)
    if account_id in task.excluded or account_id in empowered_by(session, task.excluded):
        raise RuleViolation("second_person", "The second person must not be the first.", field)
    if task.team is not None and task.org_id is not None and task.org_id in involved:
        raise RuleViolation("own_organization", "Nobody decides on an organization of his or her own.", field)


def _refuse_other_link(session: Session, task: Task, link_id: UUID | None) -> None:
    """Whoever holds a link decides the task that the link is about, and no other."""
    link = session.get(Link, link_id)
    known = task_rule(task.kind).link_purpose
    if link is None or known is None or (link.purpose, link.subject_id) != (known, task.subject_id):
        raise RuleViolation("not_candidate", "This task is for somebody else.")


def _take(session: Session, task: Task, account_id: UUID | None) -> None:
    task.status, task.assignee_id = TaskStatus.CLAIMED, account_id
    task.claimed_at = db_now(session)
    task.claim_ends_at = task.claimed_at + CLAIM_LASTS
    task.version += 1


def _let_go(task: Task) -> None:
    task.status, task.assignee_id = TaskStatus.OPEN, None
    task.claimed_at = task.claim_ends_at = None
    task.version += 1


def _audit(act: Act, action: str, task_id: UUID, org_id: UUID | None, detail: Mapping[str, object]) -> None:
    record(act, action=action, object_type="task", object_id=task_id, org_id=org_id, detail=detail)
