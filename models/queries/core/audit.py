"""Reading the audit trail and its chain."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.audit.export import SealedRow
from models.tables.core.audit import AuditRow, AuditSeal


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest seal: its place in the chain and the hash over everything before it."""

    seq: int
    hash: str


def chain_head(session: Session) -> ChainHead | None:
    """The newest seal, None while nothing is sealed."""
    statement = select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)
    found = session.execute(statement).one_or_none()
    return ChainHead(found.seq, found.hash) if found else None


def sealed_rows(session: Session, *, after: int, limit: int) -> list[SealedRow]:
    """Rows with their seals behind the seal number `after`, in the order of the chain."""
    statement = (
        select(AuditSeal, AuditRow)
        .join(AuditRow, AuditRow.id == AuditSeal.audit_id)
        .where(AuditSeal.seq > after)
        .order_by(AuditSeal.seq)
        .limit(limit)
    )
    return [SealedRow(seal.seq, seal.prev_hash, seal.hash, row.as_sealed()) for seal, row in session.execute(statement)]
