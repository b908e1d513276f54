"""A task as a list and its page show it: the columns it is made from, and what follows for the person who looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from models.domain.core.tasks import Candidates, Refusal, TaskStatus, Urgency, refusal, urgency
from models.queries.core.inbox import Desk
from models.tables.core.tasks import Task
from models.tables.identity.accounts import Account


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as a list and its page show it. `held` is False once a claim has ended by itself."""

    id: UUID
    kind: str
    title_values: Mapping[str, str]
    status: TaskStatus
    version: int
    entity_id: UUID
    subject_id: UUID
    org_id: UUID | None
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


_Holder, _Decider = aliased(Account), aliased(Account)
TASK_ROWS = (
    select(
        Task.id,
        Task.kind,
        Task.title_values,
        Task.status,
        Task.version,
        Task.entity_id,
        Task.subject_id,
        Task.org_id,
        Task.location_id,
        Task.team,
        Task.candidate_role,
        Task.candidate_account_id,
        Task.excluded,
        Task.opened_at,
        Task.due_at,
        Task.assignee_id,
        Task.claimed_at,
        Task.claim_ends_at,
        Task.outcome,
        Task.decided_at,
        _Holder.name.label("holder"),
        _Decider.name.label("decider"),
    )
    .outerjoin(_Holder, _Holder.id == Task.assignee_id)
    .outerjoin(_Decider, _Decider.id == Task.decided_by)
)


def as_row(task: Row[Any], desk: Desk) -> TaskRow:
    """The row of `TASK_ROWS` as the person at the desk sees it."""
    claimed = task.status == TaskStatus.CLAIMED
    held = claimed and (task.claim_ends_at is None or task.claim_ends_at > desk.now)
    return TaskRow(
        id=task.id,
        kind=task.kind,
        title_values=task.title_values,
        status=TaskStatus(task.status),
        version=task.version,
        entity_id=task.entity_id,
        subject_id=task.subject_id,
        org_id=task.org_id,
        location_id=task.location_id,
        team=task.team,
        opened_at=task.opened_at,
        due_at=task.due_at,
        urgency=urgency(task.due_at, desk.now, desk.soon),
        held=held,
        mine=held and task.assignee_id == desk.account_id,
        holder=task.holder if held else None,
        claimed_at=task.claimed_at if held else None,
        claim_ends_at=task.claim_ends_at if held else None,
        outcome=task.outcome,
        decider=task.decider,
        decided_at=task.decided_at,
        refusal=refusal(_candidates(task), desk.principal, involved_orgs=desk.involved_orgs),
    )


def _candidates(task: Row[Any]) -> Candidates:
    return Candidates(
        role=task.candidate_role,
        account_id=task.candidate_account_id,
        team=task.team,
        org_id=task.org_id,
        location_id=task.location_id,
        excluded=frozenset(task.excluded),
    )
