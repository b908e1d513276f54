"""Who of a team holds what: live tasks by person and by urgency, for whoever looks after the team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from models.domain.core.tasks import DueSpan, TaskStatus, Urgency, due_span
from models.queries.core.inbox import Desk, seat_condition
from models.tables.core.tasks import LIVE_TASK, Task
from models.tables.identity.accounts import Account


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has in hand, by urgency; no name for what nobody holds. `oldest` is when its first opened."""

    account_id: UUID | None
    name: str | None
    tasks: Mapping[Urgency, int]
    oldest: datetime

    @property
    def whole(self) -> int:
        return sum(self.tasks.values())


def team_loads(session: Session, desk: Desk) -> list[Load]:
    """The load of everybody who holds a task in sight, whoever is latest first; what nobody holds stands on top."""
    seats = [seat_condition(seat) for seat in sorted(desk.sight)]
    holds = and_(Task.status == TaskStatus.CLAIMED, or_(Task.claim_ends_at.is_(None), Task.claim_ends_at > desk.now))
    holder = case((holds, Task.assignee_id), else_=None).label("holder")
    counts = [func.count().filter(_in_span(due_span(group, desk.now, desk.soon))).label(group) for group in Urgency]
    loads = (
        select(holder, func.min(Task.opened_at).label("oldest"), *counts)
        .where(LIVE_TASK, or_(false(), *seats))
        .group_by(holder)
        .subquery()
    )
    statement = select(loads, Account.name).outerjoin(Account, Account.id == loads.c.holder)
    found = [
        Load(row.holder, row.name, {group: getattr(row, group) for group in Urgency}, row.oldest)
        for row in session.execute(statement)
    ]
    return sorted(found, key=_latest_first)


def _latest_first(load: Load) -> tuple[bool, list[int], str]:
    return load.account_id is not None, [-load.tasks[group] for group in Urgency], load.name or ""


def _in_span(span: DueSpan) -> ColumnElement[bool]:
    after = Task.due_at > span.after if span.after else true()
    until = Task.due_at <= span.until if span.until else true()
    dated = and_(Task.due_at.is_not(None), after, until)
    return or_(dated, Task.due_at.is_(None)) if span.undated else dated
