"""Settings of the programme: named, dated values that officials change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class ProgramSetting(Base):
    """A value of the programme from a moment on; the newest that has begun counts."""

    __tablename__ = "program_settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    effective_from: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    source: Mapped[str]
