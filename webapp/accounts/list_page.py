"""The list of accounts: searched by name or address, narrowed to a role and a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.core.permissions import Permission, Role
from models.queries.core.lists.keyset import parse_key
from models.queries.identity.directory import AccountRow, AccountStatus, Search, list_accounts
from webapp.accounts.blueprint import blueprint
from webapp.accounts.labels import ROLES, STATUSES, grant_words
from webapp.core.permissions import requires
from webapp.core.text.dates import day
from webapp.extensions import db

LONGEST_SEARCH = 100


@blueprint.get("")
@requires(Permission.STAFF_USER_MANAGE)
def directory() -> ResponseReturnValue:
    """Every account that the search finds, the newest first."""
    search, asked = read_search(request.args), parse_key(request.args.get("after", ""))
    page = list_accounts(db.session(), search, after=asked)
    query: dict[str, Any] = {"q": search.text or None, "role": search.role, "state": search.status}
    return render_template(
        "accounts/list.html",
        search=search,
        rows=[list_row(account) for account in page.rows],
        roles=sorted(((role, str(words)) for role, words in ROLES.items()), key=lambda pair: pair[1]),
        states=[(state, words) for state, (words, _tone) in STATUSES.items()],
        next_page=url_for("accounts.directory", **query, after=str(page.next)) if page.next else None,
        first_page=url_for("accounts.directory", **query) if asked else None,
    )


def read_search(query: Mapping[str, str]) -> Search:
    """The search that an address names; what means nothing is as if it was not there."""
    role, status = query.get("role", ""), query.get("state", "")
    return Search(
        text=query.get("q", "").strip()[:LONGEST_SEARCH].replace("\x00", ""),
        role=Role(role) if role in list(Role) else None,
        status=AccountStatus(status) if status in list(AccountStatus) else None,
    )


def list_row(account: AccountRow) -> dict[str, object]:
    """One account as the list shows it."""
    words, tone = STATUSES[account.status]
    return {
        "title": account.name,
        "href": url_for("accounts.account", account_id=account.account_id),
        "facts": [account.email, *grant_words(account.grants), last_sign_in(account)],
        "status": words,
        "tone": tone,
    }


def last_sign_in(account: AccountRow) -> str:
    """When the person last signed in."""
    at = account.last_sign_in
    return _("Last signed in %(day)s", day=day(at)) if at else _("Never signed in")
