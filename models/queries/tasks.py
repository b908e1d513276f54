"""Reads of tasks for the inbox and the task page: lists go by key, counts stop at a thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models.domain.permissions import Role
from models.domain.tasks import (
    Candidates,
    DueSpan,
    Refusal,
    TaskKind,
    TaskStatus,
    Urgency,
    due_span,
    refusal,
    urgency,
)
from models.queries.desk import Desk, in_sight, own_conditions, seat_condition
from models.queries.keyset import Key
from models.tables.identity import Account
from models.tables.tasks import LIVE_TASK, Task, open_to, unheld

PAGE = 25
COUNT_TO = 1000
NEWS_TO = 100


class View(StrEnum):
    """The views of the inbox."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    DONE = "done"


STAFF_VIEWS = tuple(View)
OWN_VIEWS = (View.MINE, View.DONE)
"""Applicants' tasks are not claimed: what is theirs to do, and what they have done."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as a list and its page show it. `held` is False once a claim has ended by itself."""

    id: UUID
    kind: TaskKind
    title_values: Mapping[str, str]
    status: TaskStatus
    version: int
    entity_id: UUID
    subject_id: UUID
    org_id: UUID
    location_id: UUID | None
    team: str | None
    opened_at: datetime
    due_at: datetime | None
    urgency: Urgency
    held: bool
    mine: bool
    holder: str | None
    claimed_at: datetime | None
    claim_ends_at: datetime | None
    outcome: str | None
    decider: str | None
    decided_at: datetime | None
    refusal: Refusal | None

    @property
    def claimable(self) -> bool:
        """The person who looks may take it now."""
        return self.refusal is None and not self.held and self.status in {TaskStatus.OPEN, TaskStatus.CLAIMED}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `next` is the key of the page after it, None on the last."""

    rows: tuple[TaskRow, ...]
    next: Key | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks stand in each view (COUNT_TO means that many or more).

    `newest` is when the newest task opened that the person may do; the desk's time when there is none.
    """

    tasks: Mapping[View, int]
    newest: datetime


_Holder, _Decider = aliased(Account), aliased(Account)
_ROWS = (
    select(Task, _Holder.name.label("holder"), _Decider.name.label("decider"))
    .outerjoin(_Holder, _Holder.id == Task.assignee_id)
    .outerjoin(_Decider, _Decider.id == Task.decided_by)
)
Conditions = list[ColumnElement[bool]]
Arm = Select[UUID, datetime | None]


def list_tasks(
    session: Session,
    desk: Desk,
    view: View,
    *,
    group: Urgency | None = None,
    after: Key | None = None,
    limit: int = PAGE,
) -> Page:
    """One page of a view, the most urgent first; of what is done, the newest first."""
    done = view is View.DONE
    arms = [
        arm for condition in _conditions(desk, view, group) for arm in _arms(condition, after, limit + 1, done=done)
    ]
    if not arms:
        return Page((), None)
    keys = union_all(*arms).subquery()
    statement = _ROWS.join(keys, keys.c.id == Task.id).limit(limit + 1)
    order = (keys.c.at.desc(), keys.c.id.desc()) if done else (keys.c.at, keys.c.id)
    rows = [_as_row(found, desk) for found in session.execute(statement.order_by(*order))]
    last = rows[limit - 1] if len(rows) > limit else None
    key = Key(last.decided_at if done else last.due_at, last.id) if last else None
    return Page(tuple(rows[:limit]), key)


def count_tasks(session: Session, desk: Desk, views: Sequence[View]) -> Counts:
    """How many tasks stand in each view, and when the newest opened that the person may do; one statement."""
    counts = [_capped(_conditions(desk, view, None), COUNT_TO) for view in views]
    *found, newest = session.execute(select(*counts, _newest_opening(desk))).one()
    tasks = {view: min(int(count), COUNT_TO) for view, count in zip(views, found, strict=True)}
    return Counts(tasks, newest or desk.now)


def _newest_opening(desk: Desk) -> ColumnElement[datetime | None]:
    seats = [and_(LIVE_TASK, seat_condition(seat)) for seat in sorted(desk.seats)]
    newest = [select(func.max(Task.opened_at)).where(condition).scalar_subquery() for condition in seats]
    return func.greatest(*newest, None)


def count_news(session: Session, desk: Desk, since: datetime) -> int:
    """How many tasks that the person may do have opened since, up to NEWS_TO."""
    opened = Task.opened_at > since
    conditions = [and_(condition, opened) for condition in _conditions(desk, View.UNASSIGNED, None)]
    return min(int(session.execute(select(_capped(conditions, NEWS_TO))).scalar_one()), NEWS_TO)


def find_task(session: Session, desk: Desk, task_id: UUID) -> TaskRow | None:
    """One task; None where there is none or it is out of the person's sight."""
    found = session.execute(_ROWS.where(Task.id == task_id, in_sight(desk))).one_or_none()
    return None if found is None else _as_row(found, desk)


def _conditions(desk: Desk, view: View, group: Urgency | None) -> Conditions:
    """What a view holds, as conditions of which each finds its tasks in one index, in order."""
    spans = _spans(due_span(group, desk.now)) if group else [true()]
    return [and_(base, span) for base in _bases(desk, view) for span in spans]


def _bases(desk: Desk, view: View) -> Conditions:
    if view is View.DONE:
        return [Task.decided_by == desk.account_id]
    if view is View.MINE and not desk.staff:
        return [and_(LIVE_TASK, condition) for condition in own_conditions(desk)]
    if view is View.MINE:
        lasts = or_(Task.claim_ends_at.is_(None), Task.claim_ends_at > desk.now)
        return [and_(LIVE_TASK, Task.status == TaskStatus.CLAIMED, Task.assignee_id == desk.account_id, lasts)]
    if view is View.TEAM:
        return [and_(LIVE_TASK, seat_condition(seat)) for seat in sorted(desk.sight)]
    free = and_(unheld(desk.now), open_to(desk.account_id, desk.involved_orgs))
    return [and_(free, seat_condition(seat)) for seat in sorted(desk.seats)]


def _spans(span: DueSpan) -> Conditions:
    dated = [Task.due_at > span.after] if span.after else []
    dated += [Task.due_at <= span.until] if span.until else []
    return [and_(*dated), Task.due_at.is_(None)] if span.undated else [and_(*dated)]


def _arms(condition: ColumnElement[bool], after: Key | None, limit: int, *, done: bool) -> list[Arm]:
    """The rows of one condition behind a key, in pieces that an index gives in order."""
    column = Task.decided_at if done else Task.due_at
    arm = select(Task.id, column.label("at")).where(condition).limit(limit)
    key = tuple_(column, Task.id)
    if done:
        behind = [key < tuple_(literal(after.at), literal(after.id))] if after and after.at else []
        return [arm.where(*behind).order_by(column.desc(), Task.id.desc())]
    arm = arm.order_by(column, Task.id)
    if after is None:
        return [arm]
    if after.at is None:
        return [arm.where(column.is_(None), Task.id > after.id)]
    return [arm.where(key > tuple_(literal(after.at), literal(after.id))), arm.where(column.is_(None))]


def _capped(conditions: Conditions, limit: int) -> ColumnElement[int]:
    if not conditions:
        return literal(0)
    some = [select(literal(1).label("one")).select_from(Task).where(condition).limit(limit) for condition in conditions]
    return select(func.count()).select_from(union_all(*some).subquery()).scalar_subquery()


def _as_row(found: Row[Task, str, str], desk: Desk) -> TaskRow:
    task: Task = found.Task
    claimed = task.status == TaskStatus.CLAIMED
    held = claimed and (task.claim_ends_at is None or task.claim_ends_at > desk.now)
    return TaskRow(
        id=task.id,
        kind=TaskKind(task.kind),
        title_values=dict(task.title_values),
        status=TaskStatus(task.status),
        version=task.version,
        entity_id=task.entity_id,
        subject_id=task.subject_id,
        org_id=task.org_id,
        location_id=task.location_id,
        team=task.team,
        opened_at=task.opened_at,
        due_at=task.due_at,
        urgency=urgency(task.due_at, desk.now),
        held=held,
        mine=held and task.assignee_id == desk.account_id,
        holder=found.holder if held else None,
        claimed_at=task.claimed_at if held else None,
        claim_ends_at=task.claim_ends_at if held else None,
        outcome=task.outcome,
        decider=found.decider,
        decided_at=task.decided_at,
        refusal=refusal(_candidates(task), desk.principal, involved_orgs=desk.involved_orgs),
    )


def _candidates(task: Task) -> Candidates:
    return Candidates(
        role=Role(task.candidate_role) if task.candidate_role else None,
        team=task.team,
        org_id=task.org_id,
        location_id=task.location_id,
        excluded=frozenset(task.excluded),
    )
