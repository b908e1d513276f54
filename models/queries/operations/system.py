"""Reading what needs an administrator's attention: processes without progress, messages that were not handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from models.domain.core.mail.messages import MessageStatus
from models.domain.core.mail.replies import PERMANENT, enhanced_code
from models.queries.core.mail.messages import needs_link
from models.queries.operations.figures import OLDEST_UNHEARD, STALLED, Figures, read_figures
from models.queries.operations.health import Health, read_health
from models.tables.core.messages import Message
from models.tables.core.processes import Process

SHOWN = 100
"""How many rows of a kind are shown; the figures tell how many there are."""


@dataclass(frozen=True, slots=True)
class StalledProcess:
    """A process without progress for a minute: it has not heard what it was told, or nobody saw it running."""

    process_id: UUID
    kind: str
    reference: str | None
    published: int
    processed: int
    unheard: bool
    unseen: bool
    since: datetime

    @property
    def ringable(self) -> bool:
        return self.processed < self.published


@dataclass(frozen=True, slots=True)
class UnsentMessage:
    """A message that was not handed over; `link_lost` when it was given up and the link in it was wiped."""

    message_id: UUID
    template: str
    address: str
    status: MessageStatus
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    reply_code: int | None
    enhanced_code: str | None
    link_lost: bool

    @property
    def refused(self) -> bool:
        """Whether the mail server said no for good, and not because of the address."""
        return self.status is not MessageStatus.UNDELIVERABLE and (self.reply_code or 0) in PERMANENT


@dataclass(frozen=True, slots=True)
class SystemState:
    """Everything that the system page shows."""

    now: datetime
    health: Health
    figures: Figures
    stalled: list[StalledProcess]
    unsent: list[UnsentMessage]


def read_system(session: Session) -> SystemState:
    """The state of the system as the facts know it."""
    return SystemState(
        now=session.execute(text("SELECT db_now()")).scalar_one(),
        health=read_health(session),
        figures=read_figures(session),
        stalled=stalled_processes(session),
        unsent=unsent_messages(session),
    )


_STALLED = f"""
SELECT p.id, p.kind, e.reference, p.told AS published, p.heard AS processed, p.generation_at, p.running_seen_at,
       {OLDEST_UNHEARD} AS unheard_since,
       p.heard < p.told AND {OLDEST_UNHEARD} < db_now() - interval '60 s' AS unheard,
       p.generation_at < db_now() - interval '60 s'
         AND coalesce(p.running_seen_at, '-infinity') < db_now() - interval '60 s' AS unseen
  FROM processes p LEFT JOIN enrollments e ON e.id = p.entity_id
 WHERE {STALLED} ORDER BY coalesce({OLDEST_UNHEARD}, p.running_seen_at, p.generation_at) LIMIT {SHOWN}
"""  # noqa: S608  # fixed text


def stalled_processes(session: Session) -> list[StalledProcess]:
    """The processes without progress, the longest first."""
    return [_stalled(row) for row in session.execute(text(_STALLED))]


def _stalled(row: Row[tuple[object, ...]]) -> StalledProcess:
    since = row.unheard_since if row.unheard else row.running_seen_at or row.generation_at
    return StalledProcess(row.id, row.kind, row.reference, row.published, row.processed, row.unheard, row.unseen, since)


_UNSENT = """
SELECT m.*, d.reply_code, d.reply FROM messages m
  LEFT JOIN LATERAL (SELECT reply_code, reply FROM delivery_attempts WHERE message_id = m.id
                      ORDER BY attempt DESC LIMIT 1) d ON true
 WHERE m.status IN ('undeliverable', 'held')
    OR (m.status IN ('waiting', 'sending') AND (m.attempts > 1 OR d.reply_code >= 500
                                               OR m.created_at < db_now() - interval '60 s'))
 ORDER BY m.status = 'undeliverable' DESC, m.created_at DESC LIMIT :shown
"""


def unsent_messages(session: Session) -> list[UnsentMessage]:
    """The messages that were given up, are held, or wait longer than they should; the newest first."""
    return [_unsent(row) for row in session.execute(text(_UNSENT), {"shown": SHOWN})]


def _unsent(row: Row[tuple[object, ...]]) -> UnsentMessage:
    return UnsentMessage(
        message_id=row.id,
        template=row.template,
        address=masked(row.to_address),
        status=MessageStatus(row.status),
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        reply_code=row.reply_code,
        enhanced_code=_enhanced(row.reply_code, row.reply),
        link_lost=row.sealed is None and "path" not in row.params and needs_link(row.template),
    )


def _enhanced(code: int | None, reply: str | None) -> str | None:
    """The enhanced code of the last answer. The rest of it may name people."""
    found = enhanced_code(code, reply) if code and reply else None
    return ".".join(map(str, found)) if found else None


def masked(address: str) -> str:
    """An address that its owner recognizes: its first letter and its domain."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def process_exists(session: Session, process_id: UUID) -> bool:
    """Whether there is such a process."""
    return session.execute(select(Process.id).where(Process.id == process_id)).first() is not None


def message_exists(session: Session, message_id: UUID) -> bool:
    """Whether there is such a message."""
    return session.execute(select(Message.id).where(Message.id == message_id)).first() is not None
