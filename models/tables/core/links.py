"""Links with a token, sent by mail: one purpose, one subject, one use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.core.links import LinkPurpose
from models.tables.base import Base, CreatedAt, Id, one_of

__all__ = ["Link", "LinkPurpose"]


class Link(Base):
    """A link; the database keeps only the hash of its token."""

    __tablename__ = "links"
    __table_args__ = (
        one_of("purpose", LinkPurpose),
        Index(
            "ix_links_live",
            "purpose",
            "subject_id",
            postgresql_where=text("used_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    purpose: Mapped[str]
    subject_id: Mapped[UUID]
    address: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
