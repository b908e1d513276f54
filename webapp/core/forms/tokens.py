"""The token against forged forms: of each session its own, and one of the same person's earlier ones is taken (A13).

What proves the person is the cookie; a token opens nothing by itself. docs/security.md says why this is safe.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from uuid import UUID

from flask import Flask, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

from models.crypto.sealing import form_token_of
from models.postgres.database import reading
from models.queries.identity.sessions import EarlierSession, EndedSession, earlier_sessions, find_ended_session
from webapp.core.session import current_session, server_session
from webapp.extensions import db

SALT = "wtf-csrf-token"
"""What Flask-WTF signs its tokens with."""


class PersonsProtection(CSRFProtect):
    """Refuses forged forms, and takes one that was opened in an earlier session of the same person (A13)."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """As Flask-WTF does; where the token is of another session, the person's earlier ones are looked at."""
        try:
            super().protect(apply_exemptions)  # type: ignore[no-untyped-call]
        except CSRFError:
            if not is_of_same_person():
                raise
            g.csrf_valid = True


csrf: CSRFProtect = PersonsProtection()  # type: ignore[no-untyped-call]


def init_app(app: Flask) -> None:
    """Look at the token of every form, once it is clear who sends it."""
    csrf.init_app(app)


def is_of_same_person() -> bool:
    """Whether the form was opened in an earlier session of the person who sends it, and one as strong."""
    found = current_session()
    if found is None or found.half or sent_token() is None:
        return False
    return _is_of(found.principal.account_id, passed=found.principal.second_factor_passed)


def sent_token() -> str | None:
    """The token that this request carries, when it is one of ours; whose, is not said."""
    sent = request.form.get("csrf_token") or request.headers.get("X-CSRFToken", "")
    try:
        found = URLSafeTimedSerializer(str(current_app.secret_key), salt=SALT).loads(sent)
    except BadData:
        return None
    return found if isinstance(found, str) else None


def ended_session() -> EndedSession | None:
    """The session that this browser had until it ended."""
    sid_hash = server_session().ended_hash
    if sid_hash is None:
        return None
    with reading(db.engine) as session:
        return find_ended_session(session, sid_hash)


def is_of_ended(ended: EndedSession) -> bool:
    """Whether the form was opened by the person whose session has ended."""
    return ended.recent and _is_of(ended.account_id, passed=ended.second_factor_passed)


def _is_of(account_id: UUID, *, passed: bool) -> bool:
    with reading(db.engine) as session:
        earlier = earlier_sessions(session, account_id)
    return _is_one_of(one for one in earlier if one.second_factor_passed or not passed)


def _is_one_of(sessions: Iterable[EarlierSession]) -> bool:
    sent = sent_token()
    return sent is not None and any(hmac.compare_digest(form_token_of(one.sid_hash), sent) for one in sessions)
