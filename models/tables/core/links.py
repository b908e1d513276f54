"""Links with a token, sent by mail: one purpose, one subject, one use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

import models.tables.core.kinds  # noqa: F401 - referred to by name, in whatever process this is used
from models.tables.base import Base, CreatedAt, Id


class Link(Base):
    """A link; the database keeps only the hash of its token."""

    __tablename__ = "links"
    __table_args__ = (Index("ix_links_of_subject", "subject_id", "purpose", "created_at"),)

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(ForeignKey("link_purposes.name"))
    subject_id: Mapped[UUID]
    address: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
