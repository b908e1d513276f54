"""The toy's one table, which exists in the databases of its tests only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import MetaData, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.toy.declares import ToyState


class ToyBase(DeclarativeBase):
    metadata = MetaData()
    type_annotation_map = {str: Text, UUID: postgresql.UUID(as_uuid=True)}  # noqa: RUF012


class Toy(ToyBase):
    __tablename__ = "toys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    inspection: Mapped[str] = mapped_column(default=ToyState.ASKED)
    recall: Mapped[str] = mapped_column(default=ToyState.ASKED)
