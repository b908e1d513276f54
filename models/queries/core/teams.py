"""Who works in a team, and how much each has in hand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.permissions import ScopeType
from models.queries.core.involvement import involvement
from models.tables.core.tasks import LIVE_TASK, Task
from models.tables.identity.accounts import Account, AccountStatus, GrantRow


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team; `in_hand` counts the tasks that he or she has claimed."""

    account_id: UUID
    name: str
    in_hand: int


def members_for(session: Session, task_id: UUID) -> tuple[Member, ...]:
    """Who may be given a task: its team and role, neither excluded nor of its organization (S39, rules 1 and 2)."""
    task = session.get_one(Task, task_id)
    in_hand = select(func.count()).where(LIVE_TASK, Task.assignee_id == Account.id).scalar_subquery()
    own = func.coalesce(func.array_position(involvement(Account.id), task.org_id), 0)
    statement = (
        select(Account.id, Account.name, in_hand)
        .join(GrantRow, GrantRow.account_id == Account.id)
        .where(GrantRow.scope_type == ScopeType.TEAM, GrantRow.scope_id == task.team, GrantRow.ended_at.is_(None))
        .where(GrantRow.role == task.candidate_role, Account.status == AccountStatus.ACTIVE)
        .where(Account.id.not_in(task.excluded), own == 0)
        .order_by(Account.name, Account.id)
    )
    return tuple(Member(row[0], row[1], row[2]) for row in session.execute(statement))
