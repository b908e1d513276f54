"""Accounts, grants, second factors, sessions and tries to sign in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.core.permissions import Role, ScopeType
from models.tables.base import Base, CreatedAt, Id, one_of


class AccountStatus(StrEnum):
    """Whether an account may sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Account(Base):
    """A person's account; `email_norm` is the email address in its one spelling (NFKC, lower case)."""

    __tablename__ = "accounts"
    __table_args__ = (
        one_of("status", AccountStatus),
        CheckConstraint(
            "status <> 'active' OR password_hash IS NOT NULL",
            name="active_has_password",
        ),
    )

    id: Mapped[Id]
    email: Mapped[str]
    email_norm: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    status: Mapped[str] = mapped_column(default=AccountStatus.INVITED)
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    via_generic_code: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]


class GrantRow(Base):
    """A role given to an account on a scope; ended, never deleted."""

    __tablename__ = "grants"
    __table_args__ = (
        one_of("role", Role),
        one_of("scope_type", ScopeType),
        CheckConstraint("(scope_type = 'state') = (scope_id IS NULL)", name="scope_id_given"),
        Index(
            "uq_grants_live",
            "account_id",
            "role",
            "scope_type",
            "scope_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_grants_in_scope", "scope_type", "scope_id", "role", postgresql_where=text("ended_at IS NULL")),
        Index("ix_grants_granted_by", "granted_by", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str]
    scope_type: Mapped[str]
    scope_id: Mapped[str | None]
    org_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    granted_by: Mapped[UUID | None]
    granted_because: Mapped[str]
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]


class SessionRow(Base):
    """A signed-in session; the database keeps only the hash of its id.

    `pending_totp` is the sealed secret of a second factor that this session is setting up. `proved_at` is
    when its owner last proved who it is, by the strongest means that the account has. `challenge` is what
    a passkey has been asked to sign.
    """

    __tablename__ = "sessions"

    sid_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    second_factor_at: Mapped[datetime | None]
    proved_at: Mapped[datetime] = mapped_column(server_default=text("'epoch'"))
    pending_totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    challenge_until: Mapped[datetime | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    device: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[CreatedAt]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser that has signed in to an account before; it is not locked out by a stranger's tries."""

    __tablename__ = "known_devices"

    device_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    seen_at: Mapped[CreatedAt]


class Attempt(Base):
    """A try at something that is braked: signing in, a code, a form that sends mail. Keys are hashes."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_subject", "action", "subject_hash", "at"),
        Index("ix_attempts_address", "action", "address_hash", "at"),
        Index("ix_attempts_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    action: Mapped[str]
    subject_hash: Mapped[str]
    address_hash: Mapped[str]
    known_device: Mapped[bool] = mapped_column(default=False)
    succeeded: Mapped[bool]
    at: Mapped[CreatedAt]


class RecoveryCode(Base):
    """A code that stands in for the second factor once; only its hash is kept. New codes revoke the older ones."""

    __tablename__ = "recovery_codes"
    __table_args__ = (CheckConstraint("used_at IS NULL OR revoked_at IS NULL", name="used_or_revoked"),)

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey or security key that may answer in place of the authenticator app; removed, never deleted."""

    __tablename__ = "passkeys"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
