"""Reads of tasks for the inbox and the task page: lists go by key, counts stop at a hundred.

A statement is put together once for each shape of a desk; putting one together takes longer than PostgreSQL
takes to answer it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from models.domain.core.tasks import DueSpan, TaskStatus, Urgency, due_span
from models.queries.core.inbox import (
    INVOLVED,
    ME,
    NOW,
    Desk,
    Shape,
    in_sight,
    own_conditions,
    seat_condition,
    sight_values,
)
from models.queries.core.lists.keyset import Key
from models.queries.core.statements import ask
from models.queries.core.task_rows import TASK_ROWS, TaskRow, as_row
from models.tables.core.tasks import LIVE_TASK, Task, open_to, unheld

PAGE = 25
COUNT_TO = 100
NEW_TASKS_TO = 100


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


Conditions = list[ColumnElement[bool]]
Arm = Select[UUID, datetime | None]
_AFTER, _UNTIL, _SINCE, _KEY_AT = (
    bindparam(name, type_=DateTime(timezone=True)) for name in ("span_after", "span_until", "since", "key_at")
)
_KEY_ID = bindparam("key_id", type_=Uuid())
_LIMIT = bindparam("limit", type_=Integer())
_ANY_TIME = datetime.fromtimestamp(0, tz=UTC)
"""Any moment: where only it matters which ends a span has."""
ONE_IN_SIGHT = TASK_ROWS.where(Task.id == bindparam("task_id", type_=Uuid()), in_sight())


@dataclass(frozen=True, slots=True)
class ListShape:
    """All that the text of a list's statement depends on."""

    desk: Shape
    view: View
    group: Urgency | None
    keyed: bool
    dated: bool


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
    keyed, dated = after is not None, after is not None and after.at is not None
    statement = _list_statement(ListShape(desk.shape, view, group, keyed, dated))
    if statement is None:
        return Page((), None)
    values = desk.values | _span_values(group, desk.now, desk.soon) | {"limit": limit + 1}
    if after is not None:
        values |= {"key_at": after.at, "key_id": after.id}
    rows = [as_row(found, desk) for found in ask(session, statement, values)]
    last = rows[limit - 1] if len(rows) > limit else None
    key = Key(last.decided_at if done else last.due_at, last.id) if last else None
    return Page(tuple(rows[:limit]), key)


@lru_cache(maxsize=512)
def _list_statement(shape: ListShape) -> Select[Any] | None:
    done = shape.view is View.DONE
    arms = [arm for condition in _conditions(shape.desk, shape.view, shape.group) for arm in _arms(condition, shape)]
    if not arms:
        return None
    keys = union_all(*arms).subquery()
    order = (keys.c.at.desc(), keys.c.id.desc()) if done else (keys.c.at, keys.c.id)
    return TASK_ROWS.join(keys, keys.c.id == Task.id).order_by(*order).limit(_LIMIT)


def count_tasks(session: Session, desk: Desk, views: Sequence[View]) -> Counts:
    """How many tasks stand in each view, and when the newest opened that the person may do; one statement."""
    statement = _count_statement(desk.shape, tuple(views), COUNT_TO)
    found: Sequence[Any] = ask(session, statement, desk.values).one()
    tasks = {view: min(int(count), COUNT_TO) for view, count in zip(views, found[:-1], strict=True)}
    return Counts(tasks, found[-1] or desk.now)


@lru_cache(maxsize=512)
def _count_statement(shape: Shape, views: tuple[View, ...], limit: int) -> Select[Any]:
    counts: list[ColumnElement[Any]] = [_capped(_conditions(shape, view, None), limit) for view in views]
    return select(*counts, _newest_opening(shape))


def _newest_opening(shape: Shape) -> ColumnElement[datetime | None]:
    seats = [and_(LIVE_TASK, seat_condition(seat)) for seat in shape.seats]
    newest = [select(func.max(Task.opened_at)).where(condition).scalar_subquery() for condition in seats]
    return func.greatest(*newest, None)


def count_new_tasks(session: Session, desk: Desk, since: datetime) -> int:
    """How many tasks that the person may do have opened since, up to NEWS_TO."""
    values = desk.values | {"since": since}
    return min(int(ask(session, _new_tasks_statement(desk.shape), values).scalar_one()), NEW_TASKS_TO)


@lru_cache(maxsize=512)
def _new_tasks_statement(shape: Shape) -> Select[Any]:
    conditions = _conditions(shape, View.UNASSIGNED, None)
    return select(_capped([and_(condition, Task.opened_at > _SINCE) for condition in conditions], NEW_TASKS_TO))


def find_task(session: Session, desk: Desk, task_id: UUID) -> TaskRow | None:
    """One task; None where there is none or it is out of the person's sight."""
    values = sight_values(desk) | {"task_id": task_id}
    found = ask(session, ONE_IN_SIGHT, values).one_or_none()
    return None if found is None else as_row(found, desk)


def find_next(session: Session, desk: Desk) -> UUID | None:
    """The task to go on with: the most urgent in hand, else the most urgent that the person may take."""
    found: UUID | None = ask(session, _next_statement(desk.shape), desk.values).scalar_one_or_none()
    return found


@lru_cache(maxsize=512)
def _next_statement(shape: Shape) -> Select[Any]:
    arms = [
        select(Task.id, Task.due_at.label("at"), literal(rank).label("rank"))
        .where(condition)
        .order_by(Task.due_at, Task.id)
        .limit(1)
        for rank, view in enumerate((View.MINE, View.UNASSIGNED))
        for condition in _conditions(shape, view, None)
    ]
    found = union_all(*arms).subquery()
    return select(found.c.id).order_by(found.c.rank, found.c.at, found.c.id).limit(1)


def forget_statements() -> None:
    """Put every statement together anew; for tests that change what it is put together from."""
    for statement in (_list_statement, _count_statement, _new_tasks_statement, _next_statement):
        statement.cache_clear()


def _conditions(shape: Shape, view: View, group: Urgency | None) -> Conditions:
    """What a view holds, as conditions of which each finds its tasks in one index, in order."""
    spans = _spans(due_span(group, _ANY_TIME, _ANY_TIME)) if group else [true()]
    return [and_(base, span) for base in _bases(shape, view) for span in spans]


def _bases(shape: Shape, view: View) -> Conditions:
    if view is View.DONE:
        return [Task.decided_by == ME]
    if view is View.MINE and not shape.staff:
        return [and_(LIVE_TASK, condition) for condition in own_conditions(shape)]
    if view is View.MINE:
        lasts = or_(Task.claim_ends_at.is_(None), Task.claim_ends_at > NOW)
        in_hand = and_(LIVE_TASK, Task.status == TaskStatus.CLAIMED, Task.assignee_id == ME, lasts)
        return [in_hand, and_(unheld(NOW), Task.candidate_account_id == ME)]
    if view is View.TEAM:
        return [and_(LIVE_TASK, seat_condition(seat)) for seat in shape.sight]
    free = and_(unheld(NOW), open_to(ME, INVOLVED))
    return [and_(free, seat_condition(seat)) for seat in shape.seats]


def _spans(span: DueSpan) -> Conditions:
    dated = [Task.due_at > _AFTER] if span.after else []
    dated += [Task.due_at <= _UNTIL] if span.until else []
    return [and_(*dated), Task.due_at.is_(None)] if span.undated else [and_(*dated)]


def _span_values(group: Urgency | None, now: datetime, soon: datetime) -> dict[str, Any]:
    if group is None:
        return {}
    span = due_span(group, now, soon)
    return {"span_after": span.after, "span_until": span.until}


def _arms(condition: ColumnElement[bool], shape: ListShape) -> list[Arm]:
    """The rows of one condition behind a key, in pieces that an index gives in order."""
    done = shape.view is View.DONE
    column = Task.decided_at if done else Task.due_at
    arm = select(Task.id, column.label("at")).where(condition).limit(_LIMIT)
    key, behind = tuple_(column, Task.id), tuple_(_KEY_AT, _KEY_ID)
    if done:
        rest = arm.where(key < behind) if shape.dated else arm
        return [rest.order_by(column.desc(), Task.id.desc())]
    arm = arm.order_by(column, Task.id)
    if not shape.keyed:
        return [arm]
    if not shape.dated:
        return [arm.where(column.is_(None), Task.id > _KEY_ID)]
    return [arm.where(key > behind), arm.where(column.is_(None))]


def _capped(conditions: Conditions, limit: int) -> ColumnElement[int]:
    if not conditions:
        return literal(0)
    some = [select(literal(1).label("one")).select_from(Task).where(condition).limit(limit) for condition in conditions]
    return select(func.count()).select_from(union_all(*some).subquery()).scalar_subquery()
