"""Provider organizations and their locations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, CreatedAt, Id, one_of


class OrganizationStatus(StrEnum):
    """Where an organization stands with the programme."""

    APPLICANT = "applicant"
    ACTIVE = "active"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class LocationStatus(StrEnum):
    """Where a location stands with the programme."""

    PENDING = "pending"
    ACTIVE = "active"
    CLOSED = "closed"


class Organization(Base):
    """A provider organization; `name` is the legal name once section A gives it."""

    __tablename__ = "organizations"
    __table_args__ = (one_of("status", OrganizationStatus),)

    id: Mapped[Id]
    name: Mapped[str]
    status: Mapped[str] = mapped_column(default=OrganizationStatus.APPLICANT)
    created_at: Mapped[CreatedAt]
    approved_at: Mapped[datetime | None]


class Location(Base):
    """A place of an organization that gives vaccine; `pin` is its six-digit provider PIN once active."""

    __tablename__ = "locations"
    __table_args__ = (
        one_of("status", LocationStatus),
        UniqueConstraint("org_id", "id"),
        CheckConstraint("pin ~ '^[1-9][0-9]{5}$'", name="pin_six_digits"),
        CheckConstraint("status <> 'active' OR pin IS NOT NULL", name="active_has_pin"),
    )

    id: Mapped[Id]
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str]
    status: Mapped[str] = mapped_column(default=LocationStatus.PENDING)
    pin: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    activated_at: Mapped[datetime | None]
