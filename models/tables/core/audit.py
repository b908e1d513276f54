"""The audit trail: rows that nobody changes, and the seals that prove it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.core.actors import ActorKind
from models.tables.base import Base, CreatedAt, one_of


class AuditRow(Base):
    """Who did what to which object, and with what result; never changed, never deleted."""

    __tablename__ = "audit"
    __table_args__ = (
        one_of("actor_kind", ActorKind),
        Index("ix_audit_object", "object_type", "object_id", "id"),
        Index("ix_audit_cause_key", "cause_key"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[CreatedAt]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[UUID | None]
    org_id: Mapped[UUID | None] = mapped_column(index=True)
    outcome: Mapped[str]
    cause_key: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

    def as_sealed(self) -> dict[str, object]:
        """The values that the row's seal covers."""
        return {column.key: getattr(self, column.key) for column in AuditRow.__mapper__.column_attrs}


class AuditSeal(Base):
    """The seal of one audit row: its place in the chain and the hash over everything before it."""

    __tablename__ = "audit_seals"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chain: Mapped[str] = mapped_column(default="main")
    audit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit.id"), unique=True)
    prev_hash: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[CreatedAt]
