"""What the acts on an account share: find it, do the act once, say what happens next, or show the form again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from models.queries.identity.directory import AccountRow, find_in_directory
from models.store.core.act import Act
from webapp.core.forms.form import Form, form_page
from webapp.core.forms.submission import submit_form
from webapp.extensions import db

Done = Callable[[Act], str]
"""Does the act; returns what happened and what happens next, in words."""


def account_or_404(account_id: UUID) -> AccountRow:
    """The account of an address."""
    return find_in_directory(db.session(), account_id) or abort(404)


def to_account(account_id: UUID) -> ResponseReturnValue:
    """Back to the page of the account."""
    return redirect(url_for("accounts.account", account_id=account_id), 303)


def act_page(account: AccountRow, form: Form, do: Done, *, title: str, lead: str, button: str) -> ResponseReturnValue:
    """The page of an act: does it when the form is in order, and goes back to the account, which tells of it."""
    said: list[str] = []

    def once(act: Act) -> str:
        said.append(do(act))
        return url_for("accounts.account", account_id=account.account_id)

    answer = submit_form(form, once, lambda: said[0]) if form.validate_on_submit() else None
    shown = {"account": account, "page_title_text": title, "lead": lead, "button_text": button}
    return answer or form_page("accounts/act.html", form, **shown)
