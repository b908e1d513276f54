"""Pages to reset, to set for the first time, and to change a password."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.domain.identity.declares import LinkPurpose
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.identity.blueprint import blueprint
from webapp.identity.forms import ChangePasswordForm, ForgotPasswordForm, NewPasswordForm
from webapp.identity.passwords import actions as passwords
from webapp.identity.passwords.own_password import knows_password

GONE = 410
WAS_RESET = "password_was_reset"


@blueprint.route("/account/forgot", methods=["GET", "POST"])
@requires(Permission.PASSWORD_RESET_REQUEST)
def forgot_password() -> ResponseReturnValue:
    """Ask for a link to reset the password; the answer is the same for every address."""
    form = ForgotPasswordForm()
    if form.validate_on_submit():
        answer = passwords.request_reset(form)
        if answer is not None:
            return answer
    return form_page("identity/passwords/forgot_password.html", form)


@blueprint.route("/account/forgot/sent")
@requires(Permission.PASSWORD_RESET_REQUEST)
def forgot_password_sent() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("identity/passwords/forgot_password_sent.html")


@blueprint.route("/account/reset/<string:token>", methods=["GET", "POST"])
@requires(Permission.PASSWORD_RESET_COMPLETE)
def reset_password(token: str) -> ResponseReturnValue:
    """Set another password by a link from a mail. Opening the page changes nothing."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        answer = submit_form(form, lambda act: passwords.reset(act, token, str(form.password.data)))
        if answer is not None:
            session[WAS_RESET] = True
            return answer
    minimum = passwords.minimum_for_link(token, LinkPurpose.RESET_PASSWORD)
    if minimum is None:
        return dead_link(url_for("identity.forgot_password"))
    return form_page("identity/passwords/reset_password.html", form, minimum=minimum)


@blueprint.route("/account/reset/done")
@requires(Permission.PASSWORD_RESET_COMPLETE)
def reset_password_done() -> ResponseReturnValue:
    """Say that the new password counts from now on; whoever has not just set one begins with asking for a link."""
    if not session.get(WAS_RESET):
        return redirect(url_for("identity.forgot_password"))
    return render_template("identity/passwords/reset_password_done.html")


@blueprint.route("/account/invitation/<string:token>", methods=["GET", "POST"])
@requires(Permission.INVITATION_ACCEPT)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Set the first password of an account by the link of an invitation."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        answer = submit_form(form, lambda act: passwords.accept(act, token, str(form.password.data)))
        if answer is not None:
            return answer
    minimum = passwords.minimum_for_link(token, LinkPurpose.ACCEPT_ACCOUNT)
    if minimum is None:
        return dead_link(url_for("identity.forgot_password"))
    return form_page("identity/passwords/invitation.html", form, minimum=minimum)


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN)
def change_password() -> ResponseReturnValue:
    """Change the own password; the old one is needed."""
    form = ChangePasswordForm()
    if form.validate_on_submit() and knows_password(form.current_password):
        answer = submit_form(form, lambda act: passwords.change(act, str(form.password.data)))
        if answer is not None:
            return answer
    return form_page("identity/passwords/change_password.html", form, minimum=passwords.own_minimum())


def dead_link(ask_again: str) -> Response:
    """One page for every link that cannot be used, whatever the reason."""
    return make_response(render_template("identity/passwords/dead_link.html", ask_again=ask_again), GONE)
