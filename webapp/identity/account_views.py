"""The page of the own account, and its list of devices."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.domain.permissions import Permission
from models.queries.sessions import own_sessions
from models.store.accounts import edit_account
from models.store.sessions import end_sessions
from webapp.acts import act
from webapp.extensions import db
from webapp.forms import form_page
from webapp.identity.blueprint import blueprint
from webapp.identity.forms import AccountForm, ButtonForm
from webapp.identity.sessions import current_session
from webapp.permissions import current_actor, requires

SAVED = frozenset({"account", "password", "second_factor", "sessions"})


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN)
def account() -> ResponseReturnValue:
    """Name, language, password, second factor and devices of the signed-in person."""
    found = current_session()
    assert found is not None
    form = AccountForm(name=found.principal.name, language=found.principal.language)
    if form.validate_on_submit():
        answer = act(form, lambda session, cause: _edit(session, cause, form))
        if answer is not None:
            return answer
    devices = own_sessions(db.session(), found.principal.account_id, sid_hash=found.sid_hash)
    saved = request.args.get("saved")
    return form_page(
        "identity/account.html",
        form,
        found=found,
        devices=devices,
        end_form=ButtonForm(formdata=None),
        saved=saved if saved in SAVED else None,
    )


@blueprint.route("/account/sessions/end", methods=["POST"])
@requires(Permission.ACCOUNT_SESSIONS)
def end_other_sessions() -> ResponseReturnValue:
    """Sign the person out everywhere but here."""
    found, form = current_session(), ButtonForm()
    assert found is not None

    def do(session: Session, cause_key: str) -> str:
        end_sessions(
            session,
            account_id=found.principal.account_id,
            reason="ended_by_owner",
            by=current_actor(),
            cause_key=cause_key,
            but=found.sid_hash,
        )
        return url_for("identity.account", saved="sessions")

    answer = act(form, do) if form.validate_on_submit() else None
    return answer or account()


def _edit(session: Session, cause_key: str, form: AccountForm) -> str:
    found = current_session()
    assert found is not None
    language = str(form.language.data)
    edit_account(
        session,
        account_id=found.principal.account_id,
        name=str(form.name.data),
        language=language,
        by=current_actor(),
        cause_key=cause_key,
    )
    return url_for("identity.account", saved="account", lang=language)
