"""Reading the audit trail's chain."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.audit import AuditSeal


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
