"""The page of the own sessions: where a person is signed in, and the buttons that end it at once."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.domain.core.permissions import Permission
from models.queries.identity import sessions as queries
from models.store.core.act import Act
from models.store.identity.sessions import end_session, end_sessions
from webapp.core.forms.buttons import PressForm
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.session import current_session
from webapp.extensions import db
from webapp.identity.blueprint import blueprint
from webapp.identity.forms import EndSessionForm

SAVED = frozenset({"one", "others"})


@blueprint.route("/account/sessions", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SESSIONS)
def own_sessions() -> ResponseReturnValue:
    """Every browser that is signed in to the account; a button ends one of them."""
    form = EndSessionForm()
    if form.validate_on_submit():
        handle = str(form.session.data)
        answer = submit_form(form, lambda act: _end_one(act, handle))
        if answer is not None:
            return answer
    saved = request.args.get("saved")
    forms = [(found, EndSessionForm(formdata=None, session=found.handle)) for found in _open_sessions(db.session())]
    return form_page("identity/sessions/sessions.html", form, forms=forms, saved=saved if saved in SAVED else None)


@blueprint.route("/account/sessions/end-others", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SESSIONS, fresh=True)
def end_other_sessions() -> ResponseReturnValue:
    """Sign the person out everywhere but here."""
    form = PressForm()
    if form.validate_on_submit():
        answer = submit_form(form, _end_others)
        if answer is not None:
            return answer
    return form_page("identity/sessions/end_other_sessions.html", form)


def _open_sessions(session: Session) -> list[queries.OwnSession]:
    found = current_session()
    assert found is not None
    return queries.own_sessions(session, found.principal.account_id, sid_hash=found.sid_hash)


def _end_one(act: Act, handle: str) -> str:
    """One of the own sessions, and not this one; one that is over, or somebody else's, is simply not there."""
    for found in _open_sessions(act.session):
        if found.handle == handle and not found.current:
            end_session(act, sid_hash=found.sid_hash, reason="ended_by_owner")
    return url_for("identity.own_sessions", saved="one")


def _end_others(act: Act) -> str:
    found = current_session()
    assert found is not None
    end_sessions(act, account_id=found.principal.account_id, reason="ended_by_owner", but=found.sid_hash)
    return url_for("identity.own_sessions", saved="others")
