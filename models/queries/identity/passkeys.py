"""Reads of passkeys and security keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.identity.accounts import Passkey


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A key of an account, with what checks its signatures."""

    passkey_id: UUID
    name: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    created_at: datetime
    last_used_at: datetime | None


def own_passkeys(session: Session, account_id: UUID) -> list[OwnPasskey]:
    """The keys that are connected to an account, the oldest first."""
    live = select(Passkey).where(Passkey.account_id == account_id, Passkey.removed_at.is_(None))
    return [
        OwnPasskey(
            row.id, row.name, row.credential_id, row.public_key, row.sign_count, row.created_at, row.last_used_at
        )
        for row in session.scalars(live.order_by(Passkey.created_at))
    ]
