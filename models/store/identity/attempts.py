"""Brakes: tries to guess a password or a code, and forms that send mail.

A try is written down before it is checked, under a lock of its subject, so that a hundred tries at once
are braked like a hundred in a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token
from models.domain.identity.lockout import (
    ACCOUNTS_FROM_ONE_ADDRESS,
    ADDRESS_WINDOW,
    STREAK_WINDOW,
    Braked,
    Tries,
    Verdict,
    assess_try,
)
from models.store.core.clock import db_now
from models.tables.identity.accounts import Attempt

HOUR = timedelta(hours=1)
MAILS_TO_ONE_SUBJECT = 5
MAILS_FROM_ONE_ADDRESS = 20
BRAKED = {
    "braked_address": "Many people on your network have asked for emails in the last hour. Wait, then send this again.",
    "braked_subject": "We sent several emails to this address in the last hour. Look in the mailbox.",
}
KEPT = timedelta(days=365)
"""Tries in a row are counted over this long; older ones are forgotten."""


class Guess(StrEnum):
    """What can be guessed."""

    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    OWN_PASSWORD = "own_password"


@dataclass(frozen=True, slots=True)
class ReservedTry:
    """A try that was written down as failed, to be marked when it succeeds; no id when it was refused."""

    verdict: Verdict
    attempt_id: int | None = None


def reserve_try(session: Session, *, guess: Guess, subject: str, address: str, known_device: bool) -> ReservedTry:
    """Count a try at `subject` (an email address or an account's id) before it is checked; commit, then check.

    Refused tries are not counted, and a known device is judged by the tries of known devices alone, so
    nobody can keep the owner out (P27). Nor is it braked by what others do at its address.
    """
    _lock(session, sorted({_key(guess, subject), *([] if known_device else [_key(guess, address)])}))
    now = db_now(session)
    verdict = assess_try(_tries(session, guess, subject, address, known_device, now), now)
    if not verdict.allowed:
        return ReservedTry(verdict)
    return ReservedTry(verdict, _write(session, guess, subject, address, known_device=known_device, succeeded=False))


def mark_succeeded(session: Session, *, attempt_id: int) -> None:
    """The reserved try was right: the row of failures ends here."""
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(succeeded=True))


def forget_failures(session: Session, *, guess: Guess, subject: str) -> None:
    """A reset proves who owns the account: the row of failures ends, for known and unknown devices."""
    for known_device in (True, False):
        _write(session, guess, subject, "", known_device=known_device, succeeded=True)


def brake(session: Session, *, action: str, subject: str, address: str) -> bool:
    """Count a form that sends mail: 5 an hour for a subject, 20 an hour from an address (S29); raises `Braked`.

    `subject` is the email address in one spelling, `address` the peer's IP address. Neither count depends on
    whether an account exists, so saying that it braked tells nothing about one.
    """
    _lock(session, sorted([_key(action, subject), _key(action, address)]))
    now = db_now(session)
    for code, column, value, most in (
        ("braked_address", Attempt.address_hash, address, MAILS_FROM_ONE_ADDRESS),
        ("braked_subject", Attempt.subject_hash, subject, MAILS_TO_ONE_SUBJECT),
    ):
        full_since = _full_since(session, most, now - HOUR, Attempt.action == action, column == _key(action, value))
        if full_since is not None:
            raise Braked(code, BRAKED[code], full_since + HOUR - now)
    _write(session, action, subject, address, known_device=False, succeeded=True)
    return True


def sweep_attempts(session: Session) -> int:
    """Forget tries older than a year; the worker does this now and then."""
    statement = delete(Attempt).where(Attempt.at < func.db_now() - KEPT).returning(Attempt.id)
    return len(session.execute(statement).all())


def _tries(session: Session, guess: Guess, subject: str, address: str, known_device: bool, now: datetime) -> Tries:
    ours = (
        Attempt.action == guess,
        Attempt.subject_hash == _key(guess, subject),
        Attempt.known_device.is_(known_device),
    )
    last_success = select(func.max(Attempt.id)).where(*ours, Attempt.succeeded).scalar_subquery()
    recent = Attempt.at > now - STREAK_WINDOW
    here = Attempt.address_hash == _key(guess, address)
    counted = select(
        func.count(),
        func.count().filter(recent),
        func.max(Attempt.at),
    ).where(*ours, ~Attempt.succeeded, Attempt.id > func.coalesce(last_success, 0))
    in_a_row, recently, last_failure_at = session.execute(counted).one()
    from_address = session.execute(select(func.count()).where(*ours, ~Attempt.succeeded, recent, here)).scalar_one()
    full_since = None if known_device else _address_full_since(session, guess, address, now)
    return Tries(in_a_row, recently, from_address, last_failure_at, full_since)


def _address_full_since(session: Session, guess: Guess, address: str, now: datetime) -> datetime | None:
    last = func.max(Attempt.at)
    failed = (
        select(last)
        .where(Attempt.action == guess, Attempt.address_hash == _key(guess, address), Attempt.at > now - ADDRESS_WINDOW)
        .where(~Attempt.known_device, ~Attempt.succeeded)
        .group_by(Attempt.subject_hash)
    )
    return session.execute(
        failed.order_by(last.desc()).offset(ACCOUNTS_FROM_ONE_ADDRESS - 1).limit(1)
    ).scalar_one_or_none()


def _full_since(session: Session, most: int, since: datetime, *conditions: ColumnElement[bool]) -> datetime | None:
    """The oldest of the last `most` since then, None when there are fewer."""
    newest_first = select(Attempt.at).where(*conditions, Attempt.at > since).order_by(Attempt.at.desc())
    return session.execute(newest_first.offset(most - 1).limit(1)).scalar_one_or_none()


def _write(session: Session, action: str, subject: str, address: str, *, known_device: bool, succeeded: bool) -> int:
    statement = insert(Attempt).values(
        action=action,
        subject_hash=_key(action, subject),
        address_hash=_key(action, address),
        known_device=known_device,
        succeeded=succeeded,
    )
    return session.execute(statement.returning(Attempt.id)).scalar_one()


def _lock(session: Session, keys: Sequence[str]) -> None:
    for key in keys:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _key(action: str, value: str) -> str:
    return hash_token(f"{action}:{value}")
