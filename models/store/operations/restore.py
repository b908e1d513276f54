"""What a database brought back from a backup needs before anybody works with it: the world went on without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.domain.core.mail.messages import MessageStatus
from models.domain.identity.declares import LinkPurpose
from models.queries.core.mail.messages import UNSENT
from models.queries.core.processes import open_processes
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.clock import db_now
from models.store.core.mail.messages import MESSAGE_CHANNEL
from models.store.operations.rebuild import in_portions, rebuild_processes
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.core.processes import Process, WorkerHeartbeat
from models.tables.identity.accounts import SessionRow

PASSWORD_LINKS = (LinkPurpose.RESET_PASSWORD, LinkPurpose.ACCEPT_ACCOUNT)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done: processes with a new life, messages held, sessions ended, links to a password revoked."""

    processes: int
    held: int
    sessions: int
    links: int


def settle_restored(act: Act) -> Settled:
    """Make a restored database safe to work with, in one transaction.

    * Every open process gets a new life, with a generation that no life after the backup can have had, so
      whatever Temporal still runs is superseded.
    * Messages that waited may have been sent since: they are held until somebody says so.
    * Sessions end, and links to a password with them: some were ended or used after the backup.
    """
    held = _count(act.session, update(Message).where(Message.status.in_(UNSENT)).values(status=MessageStatus.HELD))
    ended = _count(
        act.session, update(SessionRow).where(SessionRow.ended_at.is_(None)).values(ended_at=func.db_now(), data={})
    )
    live = (Link.used_at.is_(None), Link.revoked_at.is_(None), Link.purpose.in_(PASSWORD_LINKS))
    revoked = _count(act.session, update(Link).where(*live).values(revoked_at=func.db_now()))
    act.session.execute(delete(WorkerHeartbeat))
    act.session.execute(update(Process).values(running_seen_at=None))
    processes = open_processes(act.session)
    for portion in in_portions(processes):
        rebuild_processes(act, process_ids=portion, at_least=first_generation(db_now(act.session)))
    settled = Settled(len(processes), held, ended, revoked)
    record(
        act,
        action="system.restore",
        object_type="system",
        object_id=None,
        detail={"processes": settled.processes, "held": held, "sessions": ended, "links": revoked},
    )
    return settled


def first_generation(now: datetime) -> int:
    """The minute of the restore: far above what counting one by one has reached, and above any earlier restore."""
    return int(now.timestamp()) // 60


def send_held(act: Act) -> int:
    """Send every message that a restore held; returns how many."""
    waiting = update(Message).where(Message.status == MessageStatus.HELD)
    sent = _count(act.session, waiting.values(status=MessageStatus.WAITING, next_attempt_at=func.db_now()))
    record(act, action="message.send_held", object_type="message", object_id=None, detail={"messages": sent})
    act.session.execute(select(func.pg_notify(MESSAGE_CHANNEL, "")))
    return sent


def _count(session: Session, statement: object) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[call-overload]
