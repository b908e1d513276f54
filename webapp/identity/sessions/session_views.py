"""The warning before a session ends by itself: how long it lasts, and the button that extends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from models.crypto.sealing import hash_token
from models.domain.core.permissions import Permission, Principal
from models.domain.identity.sessions import WARN_BEFORE, idle_limit
from models.postgres.database import transaction
from models.queries.identity.sessions import SignedIn
from models.store.identity.sessions import extend_session
from webapp.core.permissions import requires
from webapp.core.session import current_session
from webapp.extensions import db
from webapp.identity.blueprint import blueprint


@dataclass(frozen=True, slots=True)
class SessionWarning:
    """Seconds until the session ends by itself, and how long before that the page warns."""

    seconds_left: int
    warn_before: int


@blueprint.route("/account/session")
@requires(Permission.ACCOUNT_SESSIONS)
def session_left() -> ResponseReturnValue:
    """How many seconds are left. Asking by `?poll=1` does not extend the session."""
    found = current_session()
    assert found is not None
    return jsonify(seconds_left=seconds_left(found), person=handle_of(found.principal))


@blueprint.route("/account/session", methods=["POST"])
@requires(Permission.ACCOUNT_SESSIONS)
def stay_signed_in() -> ResponseReturnValue:
    """The person wants to stay: the idle time begins anew."""
    found = current_session()
    assert found is not None
    with transaction(db.engine) as session:
        extend_session(session, sid_hash=found.sid_hash)
    left = min(idle_limit(state_staff=found.principal.state_staff), found.ends_at - found.now)
    return jsonify(seconds_left=int(left.total_seconds()))


@blueprint.app_context_processor
def offer_warning() -> dict[str, Any]:
    """What the base template needs for the warning."""
    return {"session_warning": session_warning, "handle_of": handle_of}


def handle_of(person: Principal) -> str:
    """What a page calls the person whom it was made for: says nothing about the account, and opens nothing."""
    return hash_token(f"pages of {person.account_id}")[:16]


def session_warning() -> SessionWarning | None:
    """The warning for everybody who is signed in; None for visitors (P32)."""
    found = None if g.get("failing", False) else current_session()
    if found is None or found.half:
        return None
    return SessionWarning(seconds_left(found), int(WARN_BEFORE.total_seconds()))


def seconds_left(found: SignedIn) -> int:
    """Whole seconds until the session ends if nobody uses it."""
    return max(0, int((found.idle_end - found.now).total_seconds()))
