"""A person's act: one form, one transaction, one answer, however often the button is pressed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from flask import Response, current_app, make_response, redirect, request
from sqlalchemy.orm import Session

from models.domain.core.violations import RuleViolation
from models.store.core.act import Act
from models.store.core.form_answers import GivenAnswer, claim_key, store_answer
from webapp.core.forms.form import Form
from webapp.core.permissions import current_actor
from webapp.core.session import server_session
from webapp.extensions import db

SEE_OTHER = 303
KEY_REUSED = "key_reused"
Submission = Callable[[Act], str]
"""What is done with a form that is in order; returns the address to go to."""


def submit_form(form: Form, do: Submission, say: Callable[[], str] | None = None) -> Response | None:
    """Do it once and go on to the address that `do` names; the page there shows what `say` says.

    The form's token is the key, and the cause key of all that the act changes: the same form sent again
    gets the first answer, and a different form under the same token gets 409. Where a rule refuses,
    nothing is kept, the form carries the reasons and the answer is None, so the view shows the form again.
    """
    session = db.session()
    try:
        return _answer(_once(session, str(form.form_token.data), do, say))
    except RuleViolation as violation:
        session.rollback()
        if violation.code == KEY_REUSED:
            raise
        form.refuse(violation)
        return None
    except BaseException:
        session.rollback()
        raise


def _once(session: Session, token: str, do: Submission, say: Callable[[], str] | None) -> GivenAnswer:
    by, route = current_actor(), str(request.url_rule)
    actor_id = by.id
    given = claim_key(session, actor_id=actor_id, route=route, key=token, request_hash=request_hash())
    if given is None:
        given = GivenAnswer(SEE_OTHER, do(Act(session, by, token)))
        store_answer(session, actor_id=actor_id, route=route, key=token, answer=given)
        if say is not None:
            server_session().say_later(session, say())
    session.commit()
    return given


def _answer(given: GivenAnswer) -> Response:
    return make_response(redirect(given.location, given.status_code))


def request_hash() -> str:
    """A keyed hash of what was asked for and where; keyed, since a form may hold a password."""
    pairs = sorted((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token")
    asked = repr((request.path, pairs)).encode()
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), asked, hashlib.sha256).hexdigest()
