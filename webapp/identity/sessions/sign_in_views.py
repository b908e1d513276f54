"""Pages to sign in and out."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.crypto.sealing import hash_token
from models.domain.core.permissions import Permission
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.sessions import end_session
from webapp.core.forms.ended import words_of
from webapp.core.forms.form import form_page
from webapp.core.permissions import current_actor, current_principal, requires
from webapp.core.return_address import own_page
from webapp.core.session import current_session, server_session
from webapp.extensions import db
from webapp.identity.blueprint import blueprint
from webapp.identity.forms import SignInForm
from webapp.identity.sessions import left_behind
from webapp.identity.sessions.first_page import first_page
from webapp.identity.sessions.signing_in import sign_in as try_to_sign_in
from webapp.identity.sessions.waiting import waiting_page

SEE_OTHER = 303
UNPROCESSABLE = 422


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.SESSION_LOGIN)
def sign_in() -> ResponseReturnValue:
    """Sign in by email address and password."""
    form = SignInForm()
    if request.method == "GET" and current_principal() is not None:
        return go_on(request.args.get("next"))
    if form.validate_on_submit():
        answer = try_to_sign_in(str(form.email.data), str(form.password.data))
        if answer.signed_in:
            return go_on(form.next.data)
        if answer.wait is not None:
            return waiting_page("identity/sessions/sign_in.html", form, answer.wait, reset_helps=True, ended=None)
        if answer.busy is not None:
            form.refuse(answer.busy)
            return form_page("identity/sessions/sign_in.html", form, ended=None)
        form.form_errors.append(_("The email address or password is incorrect."))
        return form_page("identity/sessions/sign_in.html", form, ended=None)[0], UNPROCESSABLE
    return form_page("identity/sessions/sign_in.html", form, ended=words_of(request.args))


@blueprint.route("/sign-out", methods=["POST"])
@requires(Permission.SESSION_LOGOUT)
def sign_out() -> ResponseReturnValue:
    """End this session at once; the browser forgets what it kept. Whoever has drafts may delete them then."""
    visitor, principal = server_session(), current_principal()
    if principal is None and left_behind.delete_asked():
        return left_behind.deleted_page()
    if visitor.sid:
        with transaction(db.engine) as session:
            end_session(Act(session, current_actor()), sid_hash=hash_token(visitor.sid), reason="signed_out")
    visitor.drop()
    response = left_behind.offer(principal) or make_response(redirect(url_for("public.start"), SEE_OTHER))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def go_on(next_page: str | None) -> ResponseReturnValue:
    """On to where the person wanted to be; over the second factor where it is still missing."""
    wanted, found = own_page(next_page), current_session()
    if found is None:
        return redirect(url_for("identity.sign_in", next=wanted), SEE_OTHER)
    if found.half:
        return redirect(url_for("identity.second_factor", next=wanted), SEE_OTHER)
    return redirect(wanted or first_page(found.principal), SEE_OTHER)
