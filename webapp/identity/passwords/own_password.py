"""The password again, before something that protects the account is changed; tries are braked like signing in."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import PasswordField

from models.crypto.hash_slots import FOR_OWNERS
from models.crypto.hashing import check_password
from models.domain.identity.lockout import Braked
from models.postgres.database import transaction
from models.queries.identity.accounts import find_account, is_known_device
from models.store.identity.attempts import Guess, mark_succeeded, reserve_try
from webapp.core.braking import answer_braked
from webapp.core.permissions import current_principal
from webapp.core.requests.proxies import peer_address
from webapp.core.text.refusals import say
from webapp.extensions import db
from webapp.identity.sessions.devices import device_token
from webapp.identity.sessions.waiting import waiting_words


def knows_password(field: PasswordField) -> bool:
    """Whether the signed-in person typed their password; if not, the field says so."""
    try:
        with FOR_OWNERS.taken():
            wrong = _try(str(field.data))
    except Braked as busy:
        answer_braked(busy.wait)
        wrong = say(busy)
    if wrong:
        field.errors = [*field.errors, wrong]
    return not wrong


def _try(typed: str) -> str:
    """What is wrong with it; empty when it is right."""
    principal = current_principal()
    assert principal is not None
    with transaction(db.engine) as session:
        account = find_account(session, principal.account_id)
        known = is_known_device(session, account_id=principal.account_id, device_token=device_token())
        attempt = reserve_try(
            session,
            guess=Guess.OWN_PASSWORD,
            subject=str(principal.account_id),
            address=peer_address(),
            known_device=known,
        )
    if attempt.attempt_id is None:
        answer_braked(attempt.verdict.wait)
        return waiting_words(attempt.verdict.wait)
    if not check_password(typed, account.password_hash if account else None):
        return _("This password is incorrect.")
    with transaction(db.engine) as session:
        mark_succeeded(session, attempt_id=attempt.attempt_id)
    return ""
