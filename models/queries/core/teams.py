"""Who works in a team, and how much each has in hand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role, ScopeType
from models.queries.core.involvement import involvement
from models.tables.core.tasks import LIVE_TASK, Task
from models.tables.identity.accounts import Account, AccountStatus, GrantRow


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team; `in_hand` counts the tasks that he or she has claimed."""

    account_id: UUID
    name: str
    in_hand: int


def holders(session: Session, role: Role, team: str) -> list[UUID]:
    """The accounts that hold a role in a team now and can sign in."""
    return list(session.scalars(_in_team(role, team).order_by(GrantRow.account_id)))


def members_for(session: Session, task_id: UUID) -> tuple[Member, ...]:
    """Who may be given a task: its team and role, neither excluded nor of its organization (S39, rules 1 and 2)."""
    task = session.get_one(Task, task_id)
    in_hand = select(func.count()).where(LIVE_TASK, Task.assignee_id == Account.id).scalar_subquery()
    own = func.coalesce(func.array_position(involvement(Account.id), task.org_id), 0)
    statement = (
        select(Account.id, Account.name, in_hand)
        .where(Account.id.in_(_in_team(task.candidate_role, task.team)))
        .where(Account.id.not_in(task.excluded), own == 0)
        .order_by(Account.name, Account.id)
    )
    return tuple(Member(row[0], row[1], row[2]) for row in session.execute(statement))


def _in_team(role: str | None, team: str | None) -> Select[UUID]:
    return (
        select(GrantRow.account_id)
        .join(Account, Account.id == GrantRow.account_id)
        .where(GrantRow.scope_type == ScopeType.TEAM, GrantRow.scope_id == team, GrantRow.ended_at.is_(None))
        .where(GrantRow.role == role, Account.status == AccountStatus.ACTIVE)
        .correlate(None)
    )
