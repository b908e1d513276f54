"""Writing second factors: confirmed, each code used once, removed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.orm import Session

from models.domain.core.violations import RuleViolation
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.identity.accounts import OBJECT, lock_account, tell_account
from models.store.identity.attempts import Guess, forget_failures
from models.store.identity.passkeys import remove_passkeys
from models.store.identity.recovery_codes import revoke_recovery_codes
from models.store.identity.sessions import end_sessions
from models.tables.identity.accounts import Account


def confirm_second_factor(act: Act, *, account_id: UUID, sealed: bytes, step: int, may_replace: bool) -> None:
    """Turn a second factor on after its first code; every session ends and the owner is told.

    Without `may_replace` an account that has one keeps it (`second_factor_exists`): whoever knows only
    the password can never put another in its place.
    """
    account = lock_account(act.session, account_id)
    if account.totp_confirmed_at is not None and not may_replace:
        raise RuleViolation("second_factor_exists", "This account already has a second step.")
    account.totp_sealed, account.totp_last_step, account.totp_confirmed_at = sealed, step, func.db_now()
    act.session.flush()
    _announce(act, account, "second_factor_added")


def use_step(session: Session, *, account_id: UUID, step: int) -> bool:
    """Use the code of a step up; False when it, or a later one, was used before. Of twenty at once one gets True."""
    statement = (
        update(Account)
        .where(Account.id == account_id, or_(Account.totp_last_step.is_(None), Account.totp_last_step < step))
        .values(totp_last_step=step)
        .returning(Account.id)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def remove_second_factor(act: Act, *, account_id: UUID) -> None:
    """Turn the second factor off, its recovery codes and passkeys with it; every session ends and the owner is told.

    Failed tries at it are forgotten, so that whoever guessed at it keeps nobody from setting up another.
    """
    account = lock_account(act.session, account_id)
    account.totp_sealed = account.totp_confirmed_at = account.totp_last_step = None
    act.session.flush()
    revoke_recovery_codes(act.session, account_id)
    remove_passkeys(act.session, account_id)
    forget_failures(act.session, guess=Guess.SECOND_FACTOR, subject=str(account_id))
    _announce(act, account, "second_factor_removed")


def _announce(act: Act, account: Account, what: str) -> None:
    end_sessions(act, account_id=account.id, reason=what)
    record(act, action=f"account.{what}", object_type=OBJECT, object_id=account.id)
    tell_account(act, template=what, account=account)
