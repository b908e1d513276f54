"""Pages of the second factor: pass it, set it up, turn it off."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.domain.identity.second_factor import spaced
from webapp.core.forms.buttons import PressForm
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import ask_to_confirm, requires
from webapp.core.return_address import own_page
from webapp.core.session import current_session
from webapp.identity.blueprint import blueprint
from webapp.identity.factors import second_factors
from webapp.identity.factors.totp_secrets import open_secret, qr_code
from webapp.identity.forms import CodeForm, ConfirmPasswordForm
from webapp.identity.passwords.own_password import knows_password
from webapp.identity.sessions.sign_in_views import UNPROCESSABLE, go_on
from webapp.identity.sessions.signing_in import SignInAnswer
from webapp.identity.sessions.waiting import waiting_page


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@requires(Permission.SESSION_LOGIN)
def second_factor() -> ResponseReturnValue:
    """Type the code of the second factor after the password."""
    form, found = CodeForm(), current_session()
    if found is None or not found.half:
        return go_on(request.args.get("next"))
    if not found.has_second_factor:
        return redirect(url_for("identity.set_up_second_factor", next=own_page(request.args.get("next"))))
    if form.validate_on_submit():
        answer = second_factors.pass_code(found, str(form.code.data))
        if answer.signed_in:
            return go_on(form.next.data)
        return refused("identity/factors/second_factor.html", form, answer)
    return form_page("identity/factors/second_factor.html", form)


@blueprint.route("/account/second-factor/set-up", methods=["GET", "POST"])
@requires(Permission.SESSION_LOGIN)
def set_up_second_factor() -> ResponseReturnValue:
    """Connect an authenticator app: scan, then type the first code."""
    form, found = CodeForm(), second_factors.who_may_set_up()
    if found is None:
        return go_on(request.args.get("next"))
    if not found.half and not found.fresh:
        return ask_to_confirm()
    if found.pending_totp is None:
        return form_page(
            "identity/factors/begin_second_factor.html", PressForm(), next=own_page(request.args.get("next"))
        )
    shown: dict[str, Any] = {"secret": spaced(open_secret(found.pending_totp)), "forced": found.half}
    if form.validate_on_submit():
        answer = second_factors.confirm(found, str(form.code.data), cause_key=str(form.form_token.data))
        if answer.signed_in:
            return redirect(url_for("identity.recovery_codes", next=own_page(form.next.data)), 303)
        return refused("identity/factors/set_up_second_factor.html", form, answer, **shown)
    return form_page("identity/factors/set_up_second_factor.html", form, **shown)


@blueprint.route("/account/second-factor/begin", methods=["POST"])
@requires(Permission.SESSION_LOGIN)
def begin_second_factor() -> ResponseReturnValue:
    """Make the secret that state staff set up before anything else opens."""
    form, found = PressForm(), second_factors.who_may_set_up()
    if found is None or not found.half:
        return go_on(None)
    if not form.validate_on_submit():
        return form_page("identity/factors/begin_second_factor.html", form, next=None)
    second_factors.make_secret(found)
    return redirect(url_for("identity.set_up_second_factor", next=own_page(request.args.get("next"))), 303)


@blueprint.route("/account/second-factor/qr.svg")
@requires(Permission.SESSION_LOGIN)
def second_factor_picture() -> ResponseReturnValue:
    """The QR code of the secret that this session sets up."""
    found = second_factors.who_may_set_up()
    if found is None or found.pending_totp is None or not (found.half or found.fresh):
        abort(404)
    drawn = qr_code(secret=open_secret(found.pending_totp), email=found.principal.email)
    return make_response(drawn, {"Content-Type": "image/svg+xml; charset=utf-8"})


@blueprint.route("/account/second-factor/add", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN)
def add_second_factor() -> ResponseReturnValue:
    """Begin to set up a second factor; the password is asked again."""
    found = current_session()
    if found is not None and found.has_second_factor:
        return redirect(url_for("identity.replace_second_factor"), 303)
    return _begin_with_password()


@blueprint.route("/account/second-factor/replace", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN, fresh=True)
def replace_second_factor() -> ResponseReturnValue:
    """Begin to connect another phone in place of the one there is; password and a fresh proof are needed."""
    return _begin_with_password()


def _begin_with_password() -> ResponseReturnValue:
    form, found = ConfirmPasswordForm(), current_session()
    if form.validate_on_submit() and knows_password(form.current_password) and found is not None:
        second_factors.make_secret(found)
        return redirect(url_for("identity.set_up_second_factor"), 303)
    return form_page("identity/factors/add_second_factor.html", form)


@blueprint.route("/account/second-factor/remove", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN, fresh=True)
def remove_second_factor() -> ResponseReturnValue:
    """Turn the second factor off; state staff cannot."""
    form, found = ConfirmPasswordForm(), current_session()
    if found is None or not found.has_second_factor or found.principal.state_staff:
        return redirect(url_for("identity.account"), 303)
    if form.validate_on_submit() and knows_password(form.current_password):
        typed = str(form.current_password.data)
        answer = submit_form(form, lambda act: second_factors.remove(act, typed))
        if answer is not None:
            return answer
    return form_page("identity/factors/remove_second_factor.html", form)


def refused(
    template: str, form: CodeForm, answer: SignInAnswer, *, words: str = "", **shown: object
) -> ResponseReturnValue:
    """The form again: with the time to wait, or with what is wrong with the code."""
    if answer.wait is not None:
        return waiting_page(template, form, answer.wait, reset_helps=False, **shown)
    form.code.errors = [*form.code.errors, words or second_factors.wrong_code_words()]
    response: Response = make_response(form_page(template, form, **shown)[0], UNPROCESSABLE)
    return response
