"""What the pages of the second factor do with the facts. A code counts once, and tries are braked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from models.crypto.sealing import vault
from models.domain.core.actors import SYSTEM, person
from models.domain.identity.passwords import assess_password
from models.domain.identity.second_factor import matching_step
from models.postgres.database import transaction
from models.queries.identity.accounts import AccountFacts, find_account, is_known_device
from models.queries.identity.sessions import SignedIn
from models.store.core.act import Act
from models.store.identity.attempts import Guess, mark_succeeded, reserve_try
from models.store.identity.recovery_codes import make_recovery_codes
from models.store.identity.second_factors import confirm_second_factor, remove_second_factor, use_step
from models.store.identity.sessions import keep_pending_totp
from webapp.core.requests.proxies import peer_address
from webapp.core.session import current_session
from webapp.extensions import db
from webapp.identity.factors.new_codes import keep_new_codes
from webapp.identity.factors.totp_secrets import new_secret, open_secret
from webapp.identity.sessions.devices import device_token
from webapp.identity.sessions.signing_in import SignInAnswer, move_session, sign_in_session

Proof = TypeVar("Proof")
"""What shows that the person has the second factor: a step of the app, a recovery code."""


def who_may_set_up() -> SignedIn | None:
    """The session that may connect an app: staff who have none yet, or whoever is signed in for good.

    Half a session of an account that has a second factor may not: it would skip the one there is.
    """
    found = current_session()
    if found is None or (found.half and found.has_second_factor):
        return None
    return found if found.half or found.pending_totp is not None else None


def make_secret(found: SignedIn) -> None:
    """Give the session a new secret to set up."""
    with transaction(db.engine) as session:
        keep_pending_totp(session, sid_hash=found.sid_hash, sealed=vault().seal(new_secret().encode()))


def pass_code(found: SignedIn, typed: str) -> SignInAnswer:
    """Finish signing in with a code of the account's second factor."""

    def accept(session: Session, account: AccountFacts, step: int) -> bool:
        if not use_step(session, account_id=account.account_id, step=step):
            return False
        sign_in_session(Act(session, SYSTEM, uuid4().hex), account.account_id, second_factor_passed=True)
        return True

    return try_to_prove(found, lambda account: _step_of(found, account, typed), accept)


def confirm_it_is_you(found: SignedIn, typed: str) -> SignInAnswer:
    """Prove by another code who it is, in the middle of a session: it moves to a new id."""

    def accept(session: Session, account: AccountFacts, step: int) -> bool:
        used = use_step(session, account_id=account.account_id, step=step)
        return used and move_session(Act(session, SYSTEM, uuid4().hex))

    return try_to_prove(found, lambda account: _step_of(found, account, typed), accept)


def confirm(found: SignedIn, typed: str, *, cause_key: str) -> SignInAnswer:
    """Turn the pending secret into the account's second factor by its first code; recovery codes come with it."""
    sealed = found.pending_totp or b""

    def step_of(account: AccountFacts) -> int | None:
        return matching_step(typed, secret=open_secret(sealed), now=found.now, last_step=None)

    def accept(session: Session, account: AccountFacts, step: int) -> bool:
        confirm_second_factor(
            Act(session, person(account.account_id), cause_key),
            account_id=account.account_id,
            sealed=sealed,
            step=step,
            may_replace=not found.half,
        )
        sid_hash = sign_in_session(Act(session, SYSTEM, cause_key), account.account_id, second_factor_passed=True)
        by = person(account.account_id)
        codes = make_recovery_codes(Act(session, by, cause_key), account_id=account.account_id)
        keep_new_codes(session, sid_hash, codes)
        return True

    return try_to_prove(found, step_of, accept)


def remove(act: Act, password: str) -> str:
    """Turn the second factor off, where the password is long enough to stand alone."""
    found = current_session()
    assert found is not None
    account_id = found.principal.account_id
    assess_password(password, second_factor=False, common=frozenset(), field="current_password")
    remove_second_factor(act.by_actor(person(account_id)), account_id=account_id)
    sign_in_session(act, account_id)
    return url_for("identity.account", saved="second_factor")


def wrong_code_words() -> str:
    """What is said to a wrong, old or used code."""
    return _("This code is incorrect or was already used. Wait for the next one and enter it.")


def _step_of(found: SignedIn, account: AccountFacts, typed: str) -> int | None:
    secret = open_secret(account.totp_sealed or b"")
    return matching_step(typed, secret=secret, now=found.now, last_step=account.totp_last_step)


def try_to_prove(
    found: SignedIn,
    proof_of: Callable[[AccountFacts], Proof | None],
    accept: Callable[[Session, AccountFacts, Proof], bool],
) -> SignInAnswer:
    """Count a try, then check it: every kind of proof is braked by the same tries (P27)."""
    account_id = found.principal.account_id
    with transaction(db.engine) as session:
        known = is_known_device(session, account_id=account_id, device_token=device_token())
        attempt = reserve_try(
            session, guess=Guess.SECOND_FACTOR, subject=str(account_id), address=peer_address(), known_device=known
        )
        account = find_account(session, account_id)
    if attempt.attempt_id is None or account is None:
        return SignInAnswer(wait=attempt.verdict.wait)
    proof = proof_of(account)
    if proof is None:
        return SignInAnswer()
    with transaction(db.engine) as session:
        passed = accept(session, account, proof)
        if passed:
            mark_succeeded(session, attempt_id=attempt.attempt_id)
    return SignInAnswer(signed_in=passed)
