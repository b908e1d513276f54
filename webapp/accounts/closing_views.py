"""Closing an account or taking its invitation back, and reopening it."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from models.domain.core.permissions import Permission
from models.queries.identity.directory import AccountStatus
from models.store.core.act import Act
from models.store.identity.staff import close_account, open_again
from webapp.accounts.acts import account_or_404, act_page
from webapp.accounts.blueprint import blueprint
from webapp.accounts.forms import ReasonForm
from webapp.core.permissions import requires


@blueprint.route("/<uuid:account_id>/close", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_DISABLE_OTHER, fresh=True)
def close(account_id: UUID) -> ResponseReturnValue:
    """Close an account: sessions and links end, claims are free at once."""
    found, form = account_or_404(account_id), ReasonForm()
    invited = found.status is AccountStatus.INVITED

    def do(act: Act) -> str:
        freed = close_account(act, account_id=account_id, because=str(form.reason.data))
        return closed_words(found.name, freed)

    title, lead, button = cancel_words(found.name) if invited else close_words(found.name)
    return act_page(found, form, do, title=title, lead=lead, button=button)


@blueprint.route("/<uuid:account_id>/reopen", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_DISABLE_OTHER, fresh=True)
def reopen(account_id: UUID) -> ResponseReturnValue:
    """Open a closed account again, with the roles that it has."""
    found, form = account_or_404(account_id), ReasonForm()

    def do(act: Act) -> str:
        if open_again(act, account_id=account_id, because=str(form.reason.data)):
            return _("The account is open again. We sent a new invitation, which works for 48 hours.")
        return _("The account is open again. Next: the person signs in with the same password and second step.")

    return act_page(
        found,
        form,
        do,
        title=_("Reopen the account of %(name)s", name=found.name),
        lead=_("The account has the same roles as before. Check them, and end those that the person shouldn't have."),
        button=_("Reopen the account"),
    )


def cancel_words(name: str) -> tuple[str, str, str]:
    """Title, lead and button of the page that takes an invitation back."""
    return (
        _("Cancel the invitation of %(name)s", name=name),
        _("The link in the email stops working at once, and the account is closed. You can reopen it later."),
        _("Cancel the invitation"),
    )


def close_words(name: str) -> tuple[str, str, str]:
    """Title, lead and button of the page that closes an account."""
    return (
        _("Close the account of %(name)s", name=name),
        _(
            "The person is signed out everywhere at once, links in emails stop working, and tasks in hand go back to "
            "the team. Nothing is deleted, and you can reopen the account."
        ),
        _("Close the account"),
    )


def closed_words(name: str, freed: int) -> str:
    """What happened, and what happens next."""
    tasks = ngettext("%(num)d task went back to the team.", "%(num)d tasks went back to the team.", freed)
    closed = _("The account of %(name)s is closed, and every session has ended.", name=name)
    return f"{closed} {tasks}" if freed else f"{closed} {_('No task was in hand.')}"
