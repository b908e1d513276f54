"""Durable processes, the events published to them, and who saw them running."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import models.tables.core.kinds  # noqa: F401 - referred to by name, in whatever process this is used
from models.domain.core.processes import WaitingFor
from models.tables.base import Base, CreatedAt, Id, one_of


class Process(Base):
    """One durable process; `generation` counts how often it was started.

    `published`, `delivered` and `processed` are sequence numbers of its events. Their columns keep the names
    that they were stored under first: told, rung and heard. `delivered_at`
    is when the relay last delivered something.
    """

    __tablename__ = "processes"
    __table_args__ = (
        UniqueConstraint("kind", "entity_id"),
        one_of("waiting_for", WaitingFor),
        CheckConstraint("heard <= told AND rung <= told AND told >= 0", name="numbers_in_order"),
        Index(
            "ix_processes_to_ring",
            "updated_at",
            postgresql_where=text("open AND rung < told"),
        ),
        Index(
            "ix_processes_unheard",
            "updated_at",
            postgresql_where=text("open AND heard < told"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(ForeignKey("process_kinds.name"))
    entity_type: Mapped[str] = mapped_column(ForeignKey("entity_types.name"))
    entity_id: Mapped[UUID] = mapped_column(index=True)
    org_id: Mapped[UUID | None] = mapped_column(index=True)
    generation: Mapped[int] = mapped_column(default=1)
    open: Mapped[bool] = mapped_column(default=True)
    published: Mapped[int] = mapped_column("told", BigInteger, default=0)
    delivered: Mapped[int] = mapped_column("rung", BigInteger, default=0)
    processed: Mapped[int] = mapped_column("heard", BigInteger, default=0)
    delivered_at: Mapped[datetime | None] = mapped_column("rung_at")
    waiting_for: Mapped[str] = mapped_column(default=WaitingFor.PROCESS)
    running_seen_at: Mapped[datetime | None]
    generation_at: Mapped[datetime] = mapped_column(server_default=func.db_now())
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.db_now())
    finished_at: Mapped[datetime | None]


class ProcessEventRow(Base):
    """An event published to a process under a sequence number; ids and statuses only."""

    __tablename__ = "news"
    __table_args__ = (UniqueConstraint("process_id", "cause_key"),)

    process_id: Mapped[UUID] = mapped_column(ForeignKey("processes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(ForeignKey("process_event_kinds.name"))
    ids: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    outcome: Mapped[str | None]
    cause_key: Mapped[str]
    created_at: Mapped[CreatedAt]


class Census(Base):
    """One count of which processes really run; asked for by the clock or by an operator."""

    __tablename__ = "censuses"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    requested_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    running: Mapped[int | None]


class WorkerHeartbeat(Base):
    """The last sign of life of a worker process, and whether it reaches Temporal."""

    __tablename__ = "worker_heartbeats"

    worker_id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(server_default=func.db_now())
    temporal_reached_at: Mapped[datetime | None]
    temporal_problem: Mapped[str | None]
