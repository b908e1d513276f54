"""Writing passkeys and security keys: challenges given once, keys added, used and removed."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.domain.core.violations import RuleViolation
from models.queries.identity.passkeys import own_passkeys
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.clock import db_now
from models.store.identity.accounts import OBJECT, lock_account, tell_account
from models.tables.identity.accounts import Passkey, SessionRow

CHALLENGE_LASTS = timedelta(minutes=5)
CHALLENGE_BYTES = 32
MOST = 10


def give_challenge(session: Session, *, sid_hash: str) -> bytes:
    """A new random challenge for this session; an older one no longer counts."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    session.execute(
        update(SessionRow)
        .where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
        .values(challenge=challenge, challenge_until=func.db_now() + CHALLENGE_LASTS)
    )
    return challenge


def take_challenge(session: Session, *, sid_hash: str) -> bytes | None:
    """The challenge of this session, which from now on counts no more; None when there is none or it is too old."""
    statement = select(SessionRow).where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
    row = session.execute(statement.with_for_update()).scalar_one_or_none()
    if row is None or row.challenge is None or row.challenge_until is None:
        return None
    challenge, until = row.challenge, row.challenge_until
    row.challenge = row.challenge_until = None
    session.flush()
    return challenge if db_now(session) < until else None


def add_passkey(
    act: Act, *, account_id: UUID, credential_id: bytes, public_key: bytes, sign_count: int, name: str
) -> None:
    """Connect a key to an account that has an authenticator app; the owner is told.

    Refused: `second_factor_missing`, `passkeys_enough`, `passkey_known`.
    """
    account = lock_account(act.session, account_id)
    if account.totp_confirmed_at is None:
        raise RuleViolation("second_factor_missing", "Set up a second step first.")
    if len(own_passkeys(act.session, account_id)) >= MOST:
        raise RuleViolation("passkeys_enough", "This account has enough passkeys.")
    statement = (
        insert(Passkey)
        .values(
            id=uuid4(),
            account_id=account_id,
            credential_id=credential_id,
            public_key=public_key,
            sign_count=sign_count,
            name=name,
        )
        .on_conflict_do_nothing()
        .returning(Passkey.id)
    )
    if act.session.execute(statement).scalar_one_or_none() is None:
        raise RuleViolation("passkey_known", "You've already added this passkey.")
    record(act, action="account.add_passkey", object_type=OBJECT, object_id=account_id)
    tell_account(act, template="passkey_added", account=account, params={"passkey": name})


def use_passkey(session: Session, *, passkey_id: UUID, count_before: int, count_now: int) -> bool:
    """Note a use; False when the key was removed or used meanwhile."""
    statement = (
        update(Passkey)
        .where(Passkey.id == passkey_id, Passkey.removed_at.is_(None), Passkey.sign_count == count_before)
        .values(sign_count=count_now, last_used_at=func.db_now())
        .returning(Passkey.id)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def remove_passkey(act: Act, *, account_id: UUID, passkey_id: UUID) -> None:
    """Disconnect one of the account's keys and tell the owner; one that is not there changes nothing."""
    account = lock_account(act.session, account_id)
    statement = (
        update(Passkey)
        .where(Passkey.id == passkey_id, Passkey.account_id == account_id, Passkey.removed_at.is_(None))
        .values(removed_at=func.db_now())
        .returning(Passkey.name)
    )
    name = act.session.execute(statement).scalar_one_or_none()
    if name is None:
        return
    action = "account.remove_passkey"
    record(act, action=action, object_type=OBJECT, object_id=account_id)
    tell_account(act, template="passkey_removed", account=account, params={"passkey": name})


def remove_passkeys(session: Session, account_id: UUID) -> None:
    """Disconnect every key, together with the second factor they stand beside."""
    live = update(Passkey).where(Passkey.account_id == account_id, Passkey.removed_at.is_(None))
    session.execute(live.values(removed_at=func.db_now()))
