"""Reads of recovery codes: how many an account has left."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables.identity.accounts import RecoveryCode


def count_recovery_codes(session: Session, account_id: UUID) -> int:
    """How many codes still work."""
    usable = (
        RecoveryCode.account_id == account_id,
        RecoveryCode.used_at.is_(None),
        RecoveryCode.revoked_at.is_(None),
    )
    return session.execute(select(func.count()).where(*usable)).scalar_one()
