"""What makes repeating a form harmless: the answers that were given."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, CreatedAt


class FormAnswer(Base):
    """The answer that a form was given; the same form pressed again gets the same answer.

    `location` is sealed: the address that a form leads to may hold the token of a link. `version` is that of the
    form's row after the act. `answered_at` is by the machine's clock: it orders requests.
    """

    __tablename__ = "form_answers"

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status_code: Mapped[int]
    location: Mapped[str]
    version: Mapped[int | None] = mapped_column(BigInteger)
    answered_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
