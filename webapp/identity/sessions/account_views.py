"""The page of the own account."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.queries.identity.recovery_codes import count_recovery_codes
from models.store.core.act import Act
from models.store.identity.accounts import edit_account
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.session import current_session
from webapp.extensions import db
from webapp.identity.blueprint import blueprint
from webapp.identity.forms import AccountForm

SAVED = frozenset({"account", "password", "second_factor"})


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN)
def account() -> ResponseReturnValue:
    """Name, language, password and second factor of the signed-in person."""
    found = current_session()
    assert found is not None
    form = AccountForm(name=found.principal.name, language=found.principal.language)
    if form.validate_on_submit():
        answer = submit_form(form, lambda act: _edit(act, form))
        if answer is not None:
            return answer
    saved = request.args.get("saved")
    left = count_recovery_codes(db.session(), found.principal.account_id) if found.has_second_factor else None
    return form_page(
        "identity/sessions/account.html", form, found=found, left=left, saved=saved if saved in SAVED else None
    )


def _edit(act: Act, form: AccountForm) -> str:
    found = current_session()
    assert found is not None
    language = str(form.language.data)
    edit_account(act, account_id=found.principal.account_id, name=str(form.name.data), language=language)
    return url_for("identity.account", saved="account", lang=language)
