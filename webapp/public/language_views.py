"""The language switch of somebody who is signed in: pages and messages change together, so it is a form."""

from __future__ import annotations

from flask import Blueprint, Response, abort, url_for
from wtforms import HiddenField
from wtforms.validators import AnyOf

from models.domain.core.permissions import Permission, Principal
from models.store.core.act import Act
from models.store.identity.accounts import edit_account
from webapp.core.forms.form import Form
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import current_principal, requires
from webapp.core.return_address import own_page
from webapp.core.text.language import LANGUAGES

blueprint = Blueprint("language", __name__)


class LanguageForm(Form):
    """Which language, and the page to come back to, already with `lang=`."""

    language = HiddenField(validators=[AnyOf(tuple(LANGUAGES))])
    page = HiddenField()


@blueprint.post("/language")
@requires(Permission.ACCOUNT_EDIT_OWN)
def keep_language() -> Response:
    """Keep the language with the account and show the same page in it."""
    form, person = LanguageForm(), current_principal()
    if person is None or not form.validate_on_submit():
        abort(400)
    return submit_form(form, lambda act: _keep(act, person, form)) or abort(409)


def _keep(act: Act, person: Principal, form: LanguageForm) -> str:
    language = str(form.language.data)
    edit_account(act, account_id=person.account_id, name=person.name, language=language)
    return own_page(form.page.data) or url_for("public.start", lang=language)
