"""A person's act: one form, one transaction, one answer, however often the button is pressed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from flask import Response, current_app, make_response, redirect, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.domain.core.violations import RuleViolation
from models.store.core.act import Act
from models.store.core.form_answers import GivenAnswer, claim_key, store_answer
from webapp.core.forms import drafts
from webapp.core.forms.form import Form
from webapp.core.permissions import current_actor
from webapp.core.session import server_session
from webapp.extensions import db

SEE_OTHER = 303
KEY_REUSED = "key_reused"
NO_ANSWERS = frozenset({"csrf_token", drafts.MARKER})
"""Fields of a form that say nothing of what was answered."""
Submission = Callable[[Act], str]
"""What is done with a form that is in order; returns the address to go to."""


def submit_form(form: Form, do: Submission, say: Callable[[], str] | None = None) -> Response | None:
    """Do it once and go on to the address that `do` names; the page there shows what `say` says.

    The form's token with its answers is the key, and the cause key of all that the act changes: the same form
    sent again gets the first answer. Other answers under the same token (the browser's Back, then a correction)
    are another act, for which the row counts as seen as the page's own last act has left it: `form.own_version`.
    What was typed is no draft any more, unless the form `stays_open` for the rest of it. Where a rule refuses,
    nothing is kept, the form carries the reasons and the answer is None, so the view shows the form again.
    """
    session = db.session()
    try:
        return _answer(_once(session, form, do, say))
    except RuleViolation as violation:
        session.rollback()
        if violation.code == KEY_REUSED:
            raise
        form.refuse(violation)
        return None
    except IntegrityError as taken:
        session.rollback()
        if not _is_cause(taken):
            raise
        raise RuleViolation(KEY_REUSED, "Somebody else has just used the token of this form.") from None
    except BaseException:
        session.rollback()
        raise


def _is_cause(taken: IntegrityError) -> bool:
    """Whether a cause key stands there already: two people who send one token at once get so far."""
    diagnosis = getattr(taken.orig, "diag", None)
    return "cause" in (getattr(diagnosis, "constraint_name", None) or "")


def _once(session: Session, form: Form, do: Submission, say: Callable[[], str] | None) -> GivenAnswer:
    by, route, token = current_actor(), str(request.url_rule), str(form.form_token.data)
    actor_id = by.id
    claim = claim_key(session, actor_id=actor_id, route=route, key=token, request_hash=request_hash())
    given = claim.given
    if given is None:
        form.own_version = claim.version
        given = GivenAnswer(SEE_OTHER, do(Act(session, by, claim.key)))
        after = form.version_after
        store_answer(session, actor_id=actor_id, route=route, key=claim.key, answer=given, version=after)
        if not form.stays_open:
            drafts.forget_sent(session, token)
        if say is not None:
            server_session().say_later(session, say())
    session.commit()
    return given


def _answer(given: GivenAnswer) -> Response:
    return make_response(redirect(given.location, given.status_code))


def request_hash() -> str:
    """A keyed hash of what was asked for and where; keyed, since a form may hold a password."""
    pairs = sorted((name, text) for name, text in request.form.items(multi=True) if name not in NO_ANSWERS)
    asked = repr((request.path, pairs)).encode()
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), asked, hashlib.sha256).hexdigest()
