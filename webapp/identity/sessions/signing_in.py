"""Signing in: a try is counted, then checked, then answered alike whether the account exists or not (S8)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import Response, after_this_request
from sqlalchemy.orm import Session

from models.crypto.hash_slots import FOR_OWNERS, FOR_STRANGERS, Slots
from models.crypto.hashing import check_password, hash_password, needs_rehash
from models.crypto.sealing import hash_token, new_token, vault
from models.domain.core.actors import ANONYMOUS, SYSTEM, person
from models.domain.core.violations import RuleViolation
from models.domain.identity.lockout import Braked
from models.domain.records.email_addresses import loose_email, normalize_email
from models.postgres.database import reading, transaction
from models.queries.identity.accounts import AccountFacts, find_account_by_email, is_known_device
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.identity.accounts import remember_device
from models.store.identity.attempts import Guess, ReservedTry, mark_succeeded, reserve_try
from models.store.identity.passwords import keep_rehashed
from models.store.identity.sessions import end_session, renew_session, start_session
from webapp.core.requests.proxies import peer_address
from webapp.core.session import begin_after_commit, server_session
from webapp.core.timing import wait_out
from webapp.extensions import db
from webapp.identity.factors.totp_secrets import new_secret
from webapp.identity.sessions.devices import device_name, device_token, keep_device_token


@dataclass(frozen=True, slots=True)
class SignInAnswer:
    """Whether the person is signed in, and how long to wait where tries are braked, or where the machine is `busy`."""

    signed_in: bool = False
    wait: timedelta | None = None
    busy: Braked | None = None


def sign_in(email: str, password: str) -> SignInAnswer:
    """Try to sign in with what was typed."""
    began = time.monotonic()
    try:
        with _slots_for(email).taken():
            account, attempt = _reserve(email)
            if not attempt.verdict.allowed:
                return SignInAnswer(wait=attempt.verdict.wait)
            stored = account.password_hash if account and account.may_sign_in else None
            right = check_password(password, stored)
    except Braked as busy:
        return SignInAnswer(busy=busy)
    if not right or account is None or attempt.attempt_id is None:
        _record_refusal(account)
        wait_out(began)
        return SignInAnswer()
    with transaction(db.engine) as session:
        mark_succeeded(session, attempt_id=attempt.attempt_id)
        _bring_up_to_date(session, account, password)
        sign_in_session(Act(session, SYSTEM, uuid4().hex), account.account_id, facts=account)
    return SignInAnswer(signed_in=True)


def _slots_for(email: str) -> Slots:
    """Where the browser is known to the account, the slots that no stranger can take."""
    if device_token() is None:
        return FOR_STRANGERS
    with reading(db.engine) as session:
        account = find_account_by_email(session, email)
        known = account and is_known_device(session, account_id=account.account_id, device_token=device_token())
    return FOR_OWNERS if known else FOR_STRANGERS


def sign_in_session(
    act: Act,
    account_id: UUID,
    *,
    second_factor_passed: bool = False,
    facts: AccountFacts | None = None,
    proved_at: datetime | None = None,
) -> str:
    """Sign this visitor in to an account, once the transaction commits: a new session under a new id.

    The session that the browser had ends. State staff still have to pass their second factor. An earlier
    proof of who it is, at `proved_at`, is carried on. Returns the hash of the new id.
    """
    visitor, by = server_session(), person(account_id)
    if visitor.sid:
        end_session(act.by_actor(by), sid_hash=hash_token(visitor.sid), reason="new_sign_in")
    sets_up = facts is not None and facts.state_staff and not facts.has_second_factor
    sid = start_session(
        act.by_actor(by),
        account_id=account_id,
        device=device_name(),
        second_factor_passed=second_factor_passed,
        pending_totp=vault().seal(new_secret().encode()) if sets_up else None,
        proved_at=proved_at,
    )
    if second_factor_passed or facts is None or not facts.second_factor_expected:
        know_device(act.session, account_id)
    begin_after_commit(act.session, sid)
    return hash_token(sid)


def move_session(act: Act) -> bool:
    """Move this visitor's session to a new id, after another proof; False when it has ended meanwhile."""
    visitor = server_session()
    found = visitor.signed_in()
    if found is None:
        return False
    by = person(found.principal.account_id)
    sid = renew_session(act.by_actor(by), sid_hash=found.sid_hash)
    if sid is not None:
        begin_after_commit(act.session, sid)
    return sid is not None


def know_device(session: Session, account_id: UUID) -> None:
    """Remember this browser for the account, so that strangers' tries cannot lock it out."""
    token = device_token() or new_token()
    remember_device(session, account_id=account_id, device_token=token)

    @after_this_request
    def keep(response: Response) -> Response:
        keep_device_token(response, token)
        return response


def spelled(email: str) -> str:
    """The one spelling of a typed address, also of one that is none."""
    try:
        return normalize_email(email)
    except RuleViolation:
        return loose_email(email)


def _reserve(email: str) -> tuple[AccountFacts | None, ReservedTry]:
    with transaction(db.engine) as session:
        account = find_account_by_email(session, email)
        known = is_known_device(
            session, account_id=account.account_id if account else None, device_token=device_token()
        )
        subject, address = spelled(email), peer_address()
        return account, reserve_try(session, guess=Guess.SIGN_IN, subject=subject, address=address, known_device=known)


def _bring_up_to_date(session: Session, account: AccountFacts, password: str) -> None:
    stored = str(account.password_hash)
    if needs_rehash(stored, state_staff=account.state_staff):
        fresh = hash_password(password, state_staff=account.state_staff)
        keep_rehashed(session, account_id=account.account_id, old_hash=stored, new_hash=fresh)


def _record_refusal(account: AccountFacts | None) -> None:
    with transaction(db.engine) as session:
        record(
            Act(session, ANONYMOUS),
            action="session.login",
            object_type="account",
            object_id=account.account_id if account else None,
            outcome="denied",
        )
