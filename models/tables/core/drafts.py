"""Drafts of forms: what somebody has typed and not sent yet."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, CreatedAt


class Draft(Base):
    """What one identity has typed into one form, sealed; without `sealed` a draft that was sent or discarded.

    `owner` is a hash of an account, or of a link's record and address; `form` one of the form's route and ids.
    `sent_token` is the hash of the form's token when it was sent, so that a late autosave brings nothing back.
    """

    __tablename__ = "drafts"

    owner: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_token: Mapped[str | None]
    saved_at: Mapped[CreatedAt] = mapped_column(index=True)
