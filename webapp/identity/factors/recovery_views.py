"""Pages of recovery codes: sign in with one, see new ones once, make others."""

from __future__ import annotations

from uuid import uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM, person
from models.domain.core.permissions import Permission
from models.domain.identity.recovery_codes import are_few, clean_recovery_code
from models.queries.identity.accounts import AccountFacts
from models.queries.identity.recovery_codes import count_recovery_codes
from models.store.core.act import Act
from models.store.identity.recovery_codes import make_recovery_codes, use_recovery_code
from webapp.core.forms.buttons import PressForm
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.return_address import own_page
from webapp.core.session import current_session
from webapp.extensions import db
from webapp.identity.blueprint import blueprint
from webapp.identity.factors.new_codes import forget_new_codes, keep_new_codes, new_codes
from webapp.identity.factors.second_factor_views import refused
from webapp.identity.factors.second_factors import try_to_prove
from webapp.identity.forms import RecoveryCodeForm
from webapp.identity.sessions.sign_in_views import go_on
from webapp.identity.sessions.signing_in import sign_in_session


@blueprint.route("/account/second-factor/recovery", methods=["GET", "POST"])
@requires(Permission.SESSION_LOGIN)
def recovery_code() -> ResponseReturnValue:
    """Type a recovery code in place of the code of the app."""
    form, found = RecoveryCodeForm(), current_session()
    if found is None or not found.half or not found.has_second_factor:
        return go_on(request.args.get("next"))
    if form.validate_on_submit():
        typed = str(form.code.data)
        answer = try_to_prove(found, lambda _account: clean_recovery_code(typed), _sign_in)
        if answer.signed_in:
            warn_of_few_codes()
            return go_on(form.next.data)
        return refused("identity/factors/recovery_code.html", form, answer)
    return form_page("identity/factors/recovery_code.html", form)


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN, fresh=True)
def recovery_codes() -> ResponseReturnValue:
    """New codes, shown until they are put away; else how many are left, and the button for others."""
    form, found, codes = PressForm(), current_session(), new_codes()
    if found is None or not found.has_second_factor:
        return redirect(url_for("identity.account"), 303)
    if form.validate_on_submit():
        answer = submit_form(form, _make)
        if answer is not None:
            return answer
    if codes:
        return form_page(
            "identity/factors/new_recovery_codes.html", form, codes=codes, next=own_page(request.args.get("next"))
        )
    left = count_recovery_codes(db.session(), found.principal.account_id)
    return form_page("identity/factors/recovery_codes.html", form, left=left, few=are_few(left))


@blueprint.route("/account/recovery-codes/kept", methods=["POST"])
@requires(Permission.ACCOUNT_EDIT_OWN)
def kept_recovery_codes() -> ResponseReturnValue:
    """The person has put the codes away: they are never shown again."""
    forget_new_codes()
    return go_on(request.args.get("next") or url_for("identity.account"))


def warn_of_few_codes() -> None:
    """Tell whoever just signed in with a code when it is time for new ones."""
    found = current_session()
    assert found is not None
    left = count_recovery_codes(db.session(), found.principal.account_id)
    if are_few(left):
        words = ngettext(
            "You have %(num)d recovery code left. Create new ones on your account page.",
            "You have %(num)d recovery codes left. Create new ones on your account page.",
            left,
        )
        flash(words, "warning")


def _sign_in(session: Session, account: AccountFacts, code: str) -> bool:
    account_id, cause_key = account.account_id, uuid4().hex
    by = person(account_id)
    if use_recovery_code(Act(session, by, cause_key), account_id=account_id, typed=code) is None:
        return False
    sign_in_session(Act(session, SYSTEM, cause_key), account_id, second_factor_passed=True)
    return True


def _make(act: Act) -> str:
    found = current_session()
    assert found is not None
    account_id = found.principal.account_id
    by = person(account_id)
    codes = make_recovery_codes(act.by_actor(by), account_id=account_id, again=True)
    keep_new_codes(act.session, found.sid_hash, codes)
    return url_for("identity.recovery_codes")
