"""Writing passwords: links to reset them, new ones, and hashes brought up to date."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.crypto.hashing import hash_password
from models.domain.core.violations import RuleViolation
from models.domain.identity.declares import LinkPurpose
from models.domain.identity.passwords import assess_password
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.links import issue_link
from models.store.identity.accounts import OBJECT, is_state_staff, lock_account, revoke_password_links, tell_account
from models.store.identity.attempts import Guess, forget_failures
from models.store.identity.sessions import end_sessions
from models.tables.identity.accounts import Account, AccountStatus, GrantRow
from models.tables.organizations.locations import Organization

RESET_LASTS = timedelta(minutes=30)
"""P28."""


def offer_reset(act: Act, *, account_id: UUID) -> None:
    """Send the link with which the person sets another password; older ones die."""
    account = lock_account(act.session, account_id)
    token = issue_link(
        act.session,
        purpose=LinkPurpose.RESET_PASSWORD,
        subject_id=account_id,
        address=account.email,
        lifetime=RESET_LASTS,
    )
    tell_account(act, template="password_reset", account=account, secret_params={"path": f"/account/reset/{token}"})


def set_password(act: Act, *, account_id: UUID, password: str) -> None:
    """Set a password: every session ends, every link to set one dies, failed tries are forgotten, the owner is told.

    An invited account becomes active. Refused by the rules of passwords, and with `account_disabled`.
    """
    account = lock_account(act.session, account_id)
    if account.status == AccountStatus.DISABLED:
        raise RuleViolation("account_disabled", "This account is closed.")
    staff, first = is_state_staff(act.session, account_id), account.password_hash is None
    context = (account.email_norm, account.name, *_organization_names(act.session, account_id))
    assess_password(password, second_factor=staff or account.totp_confirmed_at is not None, context=context)
    account.password_hash = hash_password(password, state_staff=staff)
    account.status, account.password_changed_at = AccountStatus.ACTIVE, func.db_now()
    act.session.flush()
    _cut_off(act, account)
    if not first:
        tell_account(act, template="password_changed", account=account)


def keep_rehashed(session: Session, *, account_id: UUID, old_hash: str, new_hash: str) -> None:
    """Replace the hash of the same password by one of today's parameters, unless it was changed meanwhile."""
    session.execute(
        update(Account)
        .where(Account.id == account_id, Account.password_hash == old_hash)
        .values(password_hash=new_hash)
    )


def _cut_off(act: Act, account: Account) -> None:
    revoke_password_links(act.session, account.id)
    end_sessions(act, account_id=account.id, reason="password_changed")
    forget_failures(act.session, guess=Guess.SIGN_IN, subject=account.email_norm)
    forget_failures(act.session, guess=Guess.OWN_PASSWORD, subject=str(account.id))
    record(act, action="account.set_password", object_type=OBJECT, object_id=account.id)


def _organization_names(session: Session, account_id: UUID) -> list[str]:
    live = select(GrantRow.org_id).where(GrantRow.account_id == account_id, GrantRow.ended_at.is_(None))
    return list(session.scalars(select(Organization.name).where(Organization.id.in_(live))))
