"""What a form may ask besides being sent: keep what is typed, discard it, take it along into another language."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask, Response, abort, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _

from models.domain.core.permissions import Principal
from models.postgres.database import transaction
from models.queries.core.drafts import find_draft
from models.store.core.act import Act
from models.store.identity.accounts import edit_account
from webapp.core.forms.drafts import NOBODY, WISH, Mark, current_owner, forget_typed, keep_typed, sent_mark
from webapp.core.forms.form import CARRYING
from webapp.core.permissions import current_actor, current_principal, may_open
from webapp.core.return_address import own_page
from webapp.core.text.language import LANGUAGES, in_other_language, speak
from webapp.extensions import db

SEE_OTHER = 303
KEEP, FORGET = "draft", "forget"


def init_app(app: Flask) -> None:
    """Look at every form, after its token was checked and before its view."""
    app.before_request(do_what_the_form_asks)


def do_what_the_form_asks() -> ResponseReturnValue | None:
    """Answer a form that is not to be sent; None for any other request, and where the view refuses by itself."""
    wish = request.form.get(WISH) if request.method == "POST" else None
    if wish is None or not may_open(request.endpoint):
        return None
    mark = sent_mark()
    if mark is None:
        abort(400)
    owner = current_owner(request.view_args or {}) or NOBODY
    if mark.owner != owner:
        abort(409)
    if wish == KEEP:
        return _keep(mark, owner)
    if wish == FORGET:
        forget_typed(mark)
        return redirect(own_page(mark.page) or url_for("public.start"), SEE_OTHER)
    if wish not in LANGUAGES:
        abort(400)
    return _take_along(mark, owner, wish)


def _keep(mark: Mark, owner: str) -> Response:
    """The autosave of a page: when it was saved, in words."""
    if owner == NOBODY or not keep_typed(mark, owner):
        return jsonify(said="")
    draft = find_draft(db.session(), owner=owner, form=mark.form)
    at = format_time(draft.saved_at, format="short") if draft else ""
    return jsonify(said=_("Saved %(time)s", time=at))


def _take_along(mark: Mark, owner: str, language: str) -> ResponseReturnValue | None:
    """Show the same page in another language with all that was typed: by a draft, for a visitor by this request."""
    person = current_principal()
    if person is not None:
        _keep_language(person, language)
    if owner == NOBODY:
        speak(language)
        setattr(g, CARRYING, True)
        return None
    keep_typed(mark, owner)
    page = own_page(mark.page) or url_for("public.start")
    return redirect(in_other_language(page, language), SEE_OTHER)


def _keep_language(person: Principal, language: str) -> None:
    with transaction(db.engine) as session:
        edit_account(
            Act(session, current_actor(), uuid4().hex),
            account_id=person.account_id,
            name=person.name,
            language=language,
        )
