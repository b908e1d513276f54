"""Drafts that somebody leaves behind when signing out: on a shared computer they may be deleted.

They are shown to nobody but their owner, also on this computer; the offer is for whoever wants nothing kept at all.
"""

from __future__ import annotations

from flask import Response, current_app, make_response, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer

from models.domain.core.permissions import Principal
from models.postgres.database import reading, transaction
from models.queries.core.drafts import count_drafts, owner_of_account
from models.store.core.drafts import drop_drafts
from webapp.core.forms.form import Form
from webapp.extensions import db

FIELD = "drafts_of"


def offer(principal: Principal | None) -> Response | None:
    """The page that says how many drafts are kept, with the button that deletes them; None where there are none."""
    if principal is None:
        return None
    owner = owner_of_account(principal.account_id)
    with reading(db.engine) as session:
        count = count_drafts(session, owner)
    if not count:
        return None
    page = render_template(
        "identity/sessions/drafts_left.html", form=Form(), values={FIELD: _signer().dumps(owner)}, count=count
    )
    return make_response(page)


def delete_asked() -> bool:
    """Delete the drafts of whoever has just signed out, when the button of our page says so."""
    try:
        owner = str(_signer().loads(request.form.get(FIELD, "")))
    except BadSignature:
        return False
    with transaction(db.engine) as session:
        drop_drafts(session, owner=owner)
    return True


def deleted_page() -> Response:
    return make_response(render_template("identity/sessions/drafts_deleted.html"))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="cvms drafts left behind")
