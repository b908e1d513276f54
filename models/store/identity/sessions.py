"""Writing signed-in sessions: begun with a new id each time, touched, ended at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from models.crypto.sealing import form_token_of, hash_token, new_token
from models.domain.core.permissions import STATE_ROLES
from models.domain.identity.sessions import IDLE, LIFETIME, SEEN_EVERY, STAFF_IDLE
from models.postgres.write_behind import write_later
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.clock import db_now
from models.tables.identity.accounts import Account, AccountStatus, GrantRow, SessionRow

CARRIED_ON = ("account_id", "second_factor_at", "pending_totp", "data", "device", "created_at", "ends_at")
"""What stays the same when a session moves to a new id."""
_MESSAGE = func.jsonb_build_array(func.jsonb_build_array("message", bindparam("message", type_=Text())))
_MESSAGES = func.coalesce(SessionRow.data["_flashes"], func.jsonb_build_array()).op("||")(_MESSAGE)
_KEEP_MESSAGE = (
    update(SessionRow)
    .where(SessionRow.sid_hash == bindparam("of_sid_hash"), SessionRow.ended_at.is_(None))
    .values(data=SessionRow.data.op("||")(func.jsonb_build_object("_flashes", _MESSAGES)))
)


def start_session(
    act: Act,
    *,
    account_id: UUID,
    device: str,
    second_factor_passed: bool,
    pending_totp: bytes | None = None,
    proved_at: datetime | None = None,
) -> str:
    """Begin a session under a new random id (256 bit); returns the id, of which only the hash is kept.

    `proved_at` is when the person last proved who it is: now, unless an earlier proof is carried on.
    """
    sid, now = new_token(), db_now(act.session)
    row = SessionRow(
        sid_hash=hash_token(sid),
        account_id=account_id,
        second_factor_at=now if second_factor_passed else None,
        proved_at=proved_at or now,
        pending_totp=pending_totp,
        data={"csrf_token": form_token_of(hash_token(sid))},
        device=device,
        created_at=now,
        last_seen_at=now,
        ends_at=now + LIFETIME,
    )
    act.session.add(row)
    act.session.flush()
    record(
        act,
        action="session.start",
        object_type="account",
        object_id=account_id,
        detail={"second_factor": second_factor_passed},
    )
    return sid


def renew_session(act: Act, *, sid_hash: str) -> str | None:
    """Move a session, just proved anew, to a new id (S5); None when it has ended meanwhile. Its end stays."""
    statement = select(SessionRow).where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
    old = act.session.execute(statement.with_for_update()).scalar_one_or_none()
    if old is None:
        return None
    sid, now = new_token(), db_now(act.session)
    carried = {name: getattr(old, name) for name in CARRIED_ON}
    act.session.add(SessionRow(sid_hash=hash_token(sid), last_seen_at=now, proved_at=now, **carried))
    act.session.flush()
    end_session(act, sid_hash=sid_hash, reason="moved")
    record(act, action="session.prove", object_type="account", object_id=old.account_id)
    return sid


def end_session(act: Act, *, sid_hash: str, reason: str) -> None:
    """End one session; ending it again changes nothing."""
    statement = (
        update(SessionRow)
        .where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
        .values(ended_at=func.db_now(), pending_totp=None, data={})
        .returning(SessionRow.account_id)
    )
    account_id = act.session.execute(statement).scalar_one_or_none()
    if account_id is not None:
        _record_end(act, account_id, reason=reason)


def end_sessions(act: Act, *, account_id: UUID, reason: str, but: str | None = None) -> int:
    """End all sessions of an account, except the one whose hash is `but`; returns how many ended."""
    statement = (
        update(SessionRow)
        .where(SessionRow.account_id == account_id, SessionRow.ended_at.is_(None))
        .where(SessionRow.sid_hash != (but or ""))
        .values(ended_at=func.db_now(), pending_totp=None, data={})
        .returning(SessionRow.sid_hash)
    )
    ended = len(act.session.execute(statement).all())
    if ended:
        _record_end(act, account_id, reason=reason)
    return ended


def touch_session(session: Session, *, sid_hash: str) -> None:
    """Write the last sign of life, at most once a minute and never for a session that has ended."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
        .where(SessionRow.last_seen_at <= func.db_now() - SEEN_EVERY)
        .values(last_seen_at=func.db_now())
    )


def extend_session(session: Session, *, sid_hash: str) -> None:
    """The owner asked to stay signed in: the idle time begins anew. The absolute end stays."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
        .values(last_seen_at=func.db_now())
    )


def keep_session_data(session: Session, *, sid_hash: str, data: Mapping[str, Any]) -> None:
    """Keep what a page put into the session; an ended session is never written again."""
    session.execute(
        update(SessionRow).where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None)).values(data=dict(data))
    )


def keep_in_session(session: Session, *, sid_hash: str, name: str, value: str) -> None:
    """Keep one value for a later page of this session, in the transaction that makes it; it goes with the session."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
        .values(data=SessionRow.data.op("||")(func.jsonb_build_object(name, value)))
        .execution_options(synchronize_session=False)
    )


def keep_message(session: Session, *, sid_hash: str, message: str) -> None:
    """Keep what the next page says, where Flask looks for it, in the transaction of what it tells of."""
    write_later(session, _KEEP_MESSAGE, {"of_sid_hash": sid_hash, "message": message})


def keep_pending_totp(session: Session, *, sid_hash: str, sealed: bytes) -> None:
    """Keep the sealed secret of the second factor that this session sets up."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.sid_hash == sid_hash, SessionRow.ended_at.is_(None))
        .values(pending_totp=sealed)
    )


def sweep_sessions(session: Session) -> int:
    """End the sessions past their account or their limits (I20); the worker does this every minute."""
    staff = exists().where(
        GrantRow.account_id == SessionRow.account_id, GrantRow.ended_at.is_(None), GrantRow.role.in_(STATE_ROLES)
    )
    inactive = select(Account.id).where(Account.status != AccountStatus.ACTIVE)
    statement = (
        update(SessionRow)
        .where(SessionRow.ended_at.is_(None))
        .where(
            or_(
                SessionRow.ends_at <= func.db_now(),
                SessionRow.last_seen_at <= func.db_now() - IDLE,
                (SessionRow.last_seen_at <= func.db_now() - STAFF_IDLE) & staff,
                SessionRow.account_id.in_(inactive),
            )
        )
        .values(ended_at=func.db_now(), pending_totp=None, data={})
        .returning(SessionRow.sid_hash)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(statement).all())


def _record_end(act: Act, account_id: UUID, *, reason: str) -> None:
    record(act, action="session.end", object_type="account", object_id=account_id, detail={"reason": reason})
