"""What makes repeating a form harmless: the answers that were given."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, CreatedAt


class FormAnswer(Base):
    """The answer that a form was given; the same form pressed again gets the same answer."""

    __tablename__ = "form_answers"

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status_code: Mapped[int]
    location: Mapped[str]
    created_at: Mapped[CreatedAt]
