"""The history of one enrollment: what people and the system did, and the mails that went out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.domain.core.actors import ActorKind
from models.tables.core.audit import AuditRow
from models.tables.core.messages import Message
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Section
from models.tables.identity.accounts import Account

SHOWN = 200
MESSAGE = "message"
QUIET = ("section.save", "message.queue", "task.open", "task.withdraw", "link.resend")
"""What is noted, but says nothing that another event does not say."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `what` is the audited action, or MESSAGE with the template's name in `detail`."""

    at: datetime
    what: str
    actor: ActorKind | None
    name: str | None
    outcome: str
    detail: Mapping[str, Any] = field(default_factory=dict)


def enrollment_timeline(session: Session, enrollment_id: UUID, *, limit: int = SHOWN) -> tuple[Event, ...]:
    """The newest events of an enrollment, the newest first."""
    events = [*_acts(session, enrollment_id, limit), *_mails(session, enrollment_id, limit)]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True)[:limit])


def _acts(session: Session, enrollment_id: UUID, limit: int) -> list[Event]:
    objects: Mapping[str, Any] = {
        "enrollment": [enrollment_id],
        "section": select(Section.id).where(Section.enrollment_id == enrollment_id),
        "task": select(Task.id).where(Task.entity_id == enrollment_id),
    }
    about = [and_(AuditRow.object_type == kind, AuditRow.object_id.in_(ids)) for kind, ids in objects.items()]
    statement = (
        select(AuditRow, Account.name)
        .outerjoin(Account, and_(Account.id == AuditRow.actor_id, AuditRow.actor_kind == ActorKind.PERSON))
        .where(or_(*about), AuditRow.action.not_in(QUIET))
        .order_by(AuditRow.id.desc())
        .limit(limit)
    )
    return [
        Event(row.at, row.action, ActorKind(row.actor_kind), name, row.outcome, dict(row.detail))
        for row, name in session.execute(statement)
    ]


def _mails(session: Session, enrollment_id: UUID, limit: int) -> list[Event]:
    statement = (
        select(Message.created_at, Message.template, Message.status, Account.name)
        .outerjoin(Account, Account.id == Message.account_id)
        .where(Message.entity_id == enrollment_id)
        .order_by(Message.created_at.desc())
        .limit(limit)
    )
    return [
        Event(at, MESSAGE, None, name, status, {"template": template})
        for at, template, status, name in session.execute(statement)
    ]
