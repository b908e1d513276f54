"""Claims of people who may not hold them any more: free at once, so that nobody waits for a claim to end (A16)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.core.tasks import TaskStatus
from models.domain.core.violations import RuleViolation
from models.store.core.act import Act
from models.store.core.audit import record
from models.tables.core.tasks import LIVE_TASK, Task
from models.tables.identity.accounts import Account, AccountStatus


def free_claims(act: Act, *, account_id: UUID, because: str, role: Role | None = None, team: str | None = None) -> int:
    """Give back what a person has in hand, or only what he or she has as `role` in `team`; returns how many tasks.

    The account is locked: a claim that is being made holds it too, so that none slips through.
    """
    held = select(Task).where(Task.assignee_id == account_id, LIVE_TASK)
    if role is not None:
        held = held.where(Task.candidate_role == role, Task.team == team)
    statement = held.order_by(Task.id).with_for_update().execution_options(populate_existing=True)
    freed = list(act.session.scalars(statement))
    for task in freed:
        task.status, task.assignee_id = TaskStatus.OPEN, None
        task.claimed_at = task.claim_ends_at = None
        task.version += 1
        detail = {"kind": task.kind, "because": because, "from": str(account_id)}
        record(act, action="task.free", object_type="task", object_id=task.id, org_id=task.org_id, detail=detail)
    act.session.flush()
    return len(freed)


def refuse_closed(session: Session, account_id: UUID | None, field: str | None = None) -> None:
    """Keep an account from being closed until this transaction ends; `account_disabled` when it is closed already."""
    statement = select(Account.status).where(Account.id == account_id).with_for_update(read=True)
    if session.execute(statement).scalar_one_or_none() == AccountStatus.DISABLED:
        raise RuleViolation("account_disabled", "This account is closed.", field)
