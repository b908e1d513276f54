"""Inviting a member of state staff, sending the invitation again, and resetting a lost second step."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.core.permissions import Permission
from models.store.core.act import Act
from models.store.identity.staff import invite_staff, resend_invitation, reset_second_factor
from webapp.accounts.account_page import shown_account
from webapp.accounts.acts import account_or_404, act_page, to_account
from webapp.accounts.blueprint import blueprint
from webapp.accounts.forms import InviteForm, ReasonForm
from webapp.accounts.labels import seat_of
from webapp.core.forms.form import Form, form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.STAFF_USER_MANAGE, fresh=True)
def invite() -> ResponseReturnValue:
    """Invite a member of state staff."""
    form = InviteForm()

    def do(act: Act) -> str:
        account_id = invite_staff(
            act,
            email=str(form.email.data),
            name=str(form.name.data),
            language=str(form.language.data),
            seats=[seat_of(key) for key in form.seats.data or ()],
            because=str(form.reason.data),
        )
        return url_for("accounts.account", account_id=account_id)

    answer = submit_form(form, do, lambda: invited_words(str(form.email.data))) if form.validate_on_submit() else None
    return answer or form_page("accounts/invite.html", form)


@blueprint.route("/<uuid:account_id>/invitation", methods=["POST"])
@requires(Permission.STAFF_USER_MANAGE, fresh=True)
def invite_again(account_id: UUID) -> ResponseReturnValue:
    """Send the invitation again; the link before it no longer works."""
    found, form = account_or_404(account_id), Form()

    def do(act: Act) -> str:
        resend_invitation(act, account_id=account_id)
        return url_for("accounts.account", account_id=account_id)

    answer = submit_form(form, do, lambda: invited_words(found.email)) if form.validate_on_submit() else None
    return answer or shown_account(found, form)


@blueprint.get("/<uuid:account_id>/invitation")
@requires(Permission.STAFF_USER_MANAGE)
def after_inviting(account_id: UUID) -> ResponseReturnValue:
    """The address of a button, opened again as a page: the account itself."""
    return to_account(account_or_404(account_id).account_id)


@blueprint.route("/<uuid:account_id>/second-step", methods=["GET", "POST"])
@requires(Permission.STAFF_USER_MANAGE, fresh=True)
def second_step(account_id: UUID) -> ResponseReturnValue:
    """Reset the second step of somebody whose phone is lost."""
    found, form = account_or_404(account_id), ReasonForm()

    def do(act: Act) -> str:
        reset_second_factor(act, account_id=account_id, because=str(form.reason.data))
        return reset_words(found.name)

    return act_page(
        found,
        form,
        do,
        title=_("Reset the second step of %(name)s", name=found.name),
        lead=_(
            "First make sure who is asking: call the person back on a number you know. Passkeys and recovery codes "
            "stop working too."
        ),
        button=_("Reset the second step"),
    )


def invited_words(address: str) -> str:
    """What happens after an invitation."""
    return _(
        "We sent an invitation to %(address)s. Next: the person chooses a password within 48 hours and sets up a "
        "second step.",
        address=address,
    )


def reset_words(name: str) -> str:
    """What happened, and what happens next."""
    return _(
        "The second step of %(name)s is off, and every session has ended. We told the person by email. "
        "Next: they sign in with the password and set up a new second step.",
        name=name,
    )
