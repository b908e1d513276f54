"""The page between a person and a dangerous act: prove once more who you are, then go on."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Permission
from models.postgres.database import transaction
from models.queries.identity.sessions import SignedIn
from models.store.core.act import Act
from webapp.core.forms.form import form_page
from webapp.core.permissions import requires
from webapp.core.session import current_session
from webapp.extensions import db
from webapp.identity.blueprint import blueprint
from webapp.identity.factors import second_factors
from webapp.identity.factors.second_factor_views import refused
from webapp.identity.forms import CodeForm, StepUpForm
from webapp.identity.passwords.own_password import knows_password
from webapp.identity.sessions.sign_in_views import go_on
from webapp.identity.sessions.signing_in import move_session


@blueprint.route("/account/confirm", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN)
def step_up() -> ResponseReturnValue:
    """The second factor again, or the password where there is none; then back to what was asked for."""
    found = current_session()
    assert found is not None
    if found.fresh:
        return go_on(request.args.get("next") or url_for("identity.account"))
    return _by_code(found) if found.has_second_factor else _by_password()


def _by_code(found: SignedIn) -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        answer = second_factors.confirm_it_is_you(found, str(form.code.data))
        if answer.signed_in:
            return go_on(form.next.data or url_for("identity.account"))
        return refused("identity/factors/step_up.html", form, answer)
    return form_page("identity/factors/step_up.html", form)


def _by_password() -> ResponseReturnValue:
    form = StepUpForm()
    if form.validate_on_submit() and knows_password(form.current_password):
        with transaction(db.engine) as session:
            move_session(Act(session, SYSTEM, str(form.form_token.data)))
        return go_on(form.next.data or url_for("identity.account"))
    return form_page("identity/factors/step_up.html", form)
