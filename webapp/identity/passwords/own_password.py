"""The password again, before something that protects the account is changed; tries are braked like signing in."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import PasswordField

from models.crypto.hashing import check_password
from models.postgres.database import transaction
from models.queries.identity.accounts import find_account, is_known_device
from models.store.identity.attempts import Guess, mark_succeeded, reserve_try
from webapp.core.permissions import current_principal
from webapp.core.proxies import peer_address
from webapp.extensions import db
from webapp.identity.sessions.devices import device_token


def knows_password(field: PasswordField) -> bool:
    """Whether the signed-in person typed their password; if not, the field says so."""
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
    stored = account.password_hash if account else None
    if attempt.attempt_id is None:
        field.errors = [*field.errors, _("There were too many tries. Wait a few minutes.")]
        return False
    if not check_password(str(field.data), stored):
        field.errors = [*field.errors, _("This is not your password.")]
        return False
    with transaction(db.engine) as session:
        mark_succeeded(session, attempt_id=attempt.attempt_id)
    return True
