"""Writing recovery codes: made ten at a time, used once, revoked by newer ones."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token
from models.domain.core.violations import RuleViolation
from models.domain.identity.recovery_codes import CODE_BYTES, CODES, clean_recovery_code, spell_code
from models.queries.identity.recovery_codes import count_recovery_codes
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.identity.accounts import OBJECT, lock_account, tell_account
from models.tables.identity.accounts import RecoveryCode


def make_recovery_codes(act: Act, *, account_id: UUID, again: bool = False) -> tuple[str, ...]:
    """Ten new codes; the older ones die. Returned once, kept as hashes only.

    A plain SHA-256 will do: unlike a password a code is 80 bits of pure chance, so there is nothing to
    guess that a slow hash would have to protect. Made `again`, the owner is told by mail. Refused:
    `second_factor_missing`.
    """
    account = lock_account(act.session, account_id)
    if account.totp_confirmed_at is None:
        raise RuleViolation("second_factor_missing", "Set up a second step first.")
    revoke_recovery_codes(act.session, account_id)
    codes = tuple(spell_code(secrets.token_bytes(CODE_BYTES)) for _ in range(CODES))
    act.session.add_all(RecoveryCode(code_hash=hash_token(code), account_id=account_id) for code in codes)
    action = "account.make_recovery_codes"
    record(act, action=action, object_type=OBJECT, object_id=account_id)
    if again:
        tell_account(act, template="recovery_codes_made", account=account)
    return codes


def use_recovery_code(act: Act, *, account_id: UUID, typed: str) -> int | None:
    """Use a code up and tell the owner; how many are left, or None when it is wrong, used or revoked.

    Of twenty at once one gets through.
    """
    account, code = lock_account(act.session, account_id), clean_recovery_code(typed)
    statement = (
        update(RecoveryCode)
        .where(RecoveryCode.code_hash == hash_token(code or ""), RecoveryCode.account_id == account_id)
        .where(RecoveryCode.used_at.is_(None), RecoveryCode.revoked_at.is_(None))
        .values(used_at=func.db_now())
        .returning(RecoveryCode.account_id)
    )
    if act.session.execute(statement).scalar_one_or_none() is None:
        return None
    left = count_recovery_codes(act.session, account_id)
    action = "account.use_recovery_code"
    record(act, action=action, object_type=OBJECT, object_id=account_id)
    tell_account(act, template="recovery_code_used", account=account, params={"left": str(left)})
    return left


def revoke_recovery_codes(session: Session, account_id: UUID) -> None:
    """Let every code die that was not used."""
    session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account_id)
        .where(RecoveryCode.used_at.is_(None), RecoveryCode.revoked_at.is_(None))
        .values(revoked_at=func.db_now())
    )
