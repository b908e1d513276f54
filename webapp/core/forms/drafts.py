"""Drafts in a request: which form it is, whose, and what of it may be kept. Knows no page and no permission.

Every form that holds typed text carries a signed mark: the form, whose it is, and the fields that are never kept.
Only what comes with such a mark is ever kept, so a page that draws no mark leaves no draft.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from models.crypto.sealing import hash_token
from models.postgres.database import transaction
from models.queries.core.drafts import Typed, owner_of_account, owner_of_link
from models.store.core.drafts import drop_draft, keep_draft
from webapp.core.forms.form import seen_only
from webapp.core.session import current_session
from webapp.extensions import db

MARKER = "_mark"
"""The field that carries the mark of a form."""
WISH = "_keep"
"""The field that asks to keep what was typed instead of sending it: `draft`, `forget`, or a language."""
NEVER = frozenset({"csrf_token", "form_token", MARKER, WISH})
SECRET = re.compile(
    r"passw|passcode|passphrase|credential|security_code|(^|_)(secret|token|otp|ssn|pin)s?(_|$)|^codes?$|security_code"
)
"""Names of fields that are never kept, whatever their type."""
NOBODY = ""
"""In place of an owner: a visitor, whose typed text may be shown again to the same request, and is never kept."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the server said of a form when it drew it: `never` names fields that are not kept, `unseen` hidden ones."""

    form: str
    owner: str
    page: str
    never: frozenset[str]
    unseen: frozenset[str]


def form_of(endpoint: str, values: Mapping[str, Any]) -> str:
    """What stands for a form in the database: its route and ids, without the token of a link."""
    named = sorted((name, str(value)) for name, value in values.items() if name != "token")
    return hash_token(f"form {endpoint} {named!r}")


def form_at(address: str) -> tuple[str, Mapping[str, Any]] | None:
    """The route and the ids of the address that a form is sent to; None where nothing takes it."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, values = adapter.match(address.partition("?")[0], method="POST")
    except (HTTPException, RequestRedirect):
        return None
    return endpoint, values


def current_owner(values: Mapping[str, Any]) -> str | None:
    """Whose drafts this request may see: the record's whose link is open, else the account's; None for a visitor."""
    if "token" in values:
        return owner_of_link(db.session(), str(values["token"]))
    found = current_session()
    return None if found is None or found.half else owner_of_account(found.principal.account_id)


def draw_mark(mark: Mark) -> str:
    """The mark as a form carries it."""
    return _signer().dumps([mark.form, mark.owner, mark.page, sorted(mark.never), sorted(mark.unseen)])


def sent_mark() -> Mark | None:
    """The mark of the form that was sent, when it is ours and of this very form."""
    try:
        form, owner, page, never, unseen = _signer().loads(request.form.get(MARKER, ""))
    except (BadSignature, ValueError):
        return None
    if request.endpoint is None or form != form_of(request.endpoint, request.view_args or {}):
        return None
    return Mark(form, owner, page, frozenset(never), frozenset(unseen))


def typed_now(mark: Mark) -> Typed:
    """What the form was sent with, as far as it may be kept."""
    left_out = NEVER | mark.never
    pairs = request.form.items(multi=True)
    kept = ((name, text) for name, text in pairs if name not in left_out and not SECRET.search(name.lower()))
    return tuple((seen_only(name, ""), seen_only(text)) for name, text in kept)


def keep_typed(mark: Mark, owner: str) -> bool:
    """Keep what was typed, in a transaction of its own; whether there was something to keep."""
    typed = typed_now(mark)
    if not any(text.strip() for name, text in typed if name not in mark.unseen):
        return False
    token = request.form.get("form_token", "")
    with transaction(db.engine) as session:
        return keep_draft(session, owner=owner, form=mark.form, typed=typed, token=token)


def forget_typed(mark: Mark) -> None:
    """Discard what was typed into a form."""
    with transaction(db.engine) as session:
        drop_draft(session, owner=mark.owner, form=mark.form, token=request.form.get("form_token", ""))


def forget_sent(session: Session, token: str) -> None:
    """The form of this request was sent, so its draft goes, in the transaction of the act."""
    mark = sent_mark()
    if mark is not None and mark.owner != NOBODY:
        drop_draft(session, owner=mark.owner, form=mark.form, token=token)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="cvms mark of a form")
