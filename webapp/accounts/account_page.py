"""The page of one account: its roles, what hangs on it, what can be done, and what was done to it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.core.permissions import Permission
from models.queries.identity.directory import (
    AccountRow,
    AccountStatus,
    Claimed,
    account_history,
    claims_of,
)
from webapp.accounts.acts import account_or_404
from webapp.accounts.blueprint import blueprint
from webapp.accounts.labels import STATUSES, event_line, grant_words, staff_seats
from webapp.core.forms.form import Form
from webapp.core.permissions import current_principal, requires
from webapp.core.text.dates import day, moment
from webapp.core.text.language import LANGUAGES
from webapp.extensions import db
from webapp.tasks.labels import title


@blueprint.get("/<uuid:account_id>")
@requires(Permission.STAFF_USER_MANAGE)
def account(account_id: UUID) -> ResponseReturnValue:
    """One account."""
    return shown_account(account_or_404(account_id), Form())


def shown_account(found: AccountRow, form: Form) -> tuple[str, int]:
    """The page; a button that was refused shows why above it."""
    viewer, session = current_principal(), db.session()
    words, tone = STATUSES[found.status]
    page = render_template(
        "accounts/account.html",
        form=form,
        account=found,
        own=viewer is not None and viewer.account_id == found.account_id,
        status=words,
        tone=tone,
        facts=account_facts(found),
        what_now=what_now(found),
        ends=bool(staff_seats(found.grants)),
        claims=[claim_row(one) for one in claims_of(session, found.account_id)],
        history=[event_line(event) for event in account_history(session, found.account_id)],
    )
    return page, form.status


def account_facts(found: AccountRow) -> list[dict[str, str | None]]:
    """The account in pairs of a name and a value."""
    return [
        {"name": _("Email address"), "value": found.email},
        {"name": _("Language"), "value": LANGUAGES.get(found.language, found.language)},
        {"name": _("Roles"), "value": "; ".join(grant_words(found.grants)), "missing": _("No role")},
        {"name": _("Second step"), "value": _("Set up") if found.second_factor else None, "missing": _("Not set up")},
        {"name": _("Last sign-in"), "value": sign_in_day(found), "missing": _("Never")},
        {"name": _("Created"), "value": day(found.created_at)},
    ]


def sign_in_day(found: AccountRow) -> str | None:
    """The day of the last sign-in."""
    return day(found.last_sign_in) if found.last_sign_in else None


def what_now(found: AccountRow) -> str:
    """What the state of the account means, and what happens next."""
    if found.status is AccountStatus.DISABLED:
        return _("This account is closed. Nobody can sign in to it. You can reopen it.")
    if found.status is AccountStatus.ACTIVE:
        return _("This person can sign in and do what the roles below allow.")
    if found.invited_until is None:
        return _("The invitation no longer works. Send a new one.")
    until = moment(found.invited_until)
    return _("Invited. The link in the email works until %(until)s. After that, send a new one.", until=until)


def claim_row(one: Claimed) -> dict[str, object]:
    """A task in the person's hands."""
    since = _("Taken %(at)s", at=moment(one.claimed_at)) if one.claimed_at else None
    due = _("Due %(day)s", day=day(one.due_at)) if one.due_at else None
    return {"title": title(one.kind, {"organization": one.reference}), "facts": [since, due]}
