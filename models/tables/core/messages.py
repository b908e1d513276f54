"""Messages to people and the log of their delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.core.mail.messages import MessageStatus
from models.tables.base import Base, CreatedAt, Id, one_of


class Message(Base):
    """A mail to hand over; what carries a token is sealed and wiped at hand-over."""

    __tablename__ = "messages"
    __table_args__ = (
        one_of("status", MessageStatus),
        Index(
            "ix_messages_to_send",
            "next_attempt_at",
            postgresql_where=text("status IN ('waiting', 'sending')"),
        ),
        Index("ix_messages_to_address", "to_address", "created_at"),
    )

    id: Mapped[Id]
    cause_key: Mapped[str] = mapped_column(unique=True)
    template: Mapped[str]
    to_address: Mapped[str]
    account_id: Mapped[UUID | None]
    org_id: Mapped[UUID | None] = mapped_column(index=True)
    entity_id: Mapped[UUID | None] = mapped_column(index=True)
    language: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(default=MessageStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[CreatedAt]
    created_at: Mapped[CreatedAt]
    handed_over_at: Mapped[datetime | None]


class DeliveryAttempt(Base):
    """One try to hand a message over, with the mail server's answer."""

    __tablename__ = "delivery_attempts"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[CreatedAt]
    outcome: Mapped[str]
    reply_code: Mapped[int | None]
    reply: Mapped[str | None]
