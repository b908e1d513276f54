"""Pages of passkeys and security keys: connect and disconnect them, sign in with one."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Permission
from models.domain.core.violations import RuleViolation
from models.queries.identity.accounts import AccountFacts
from models.queries.identity.passkeys import own_passkeys
from models.queries.identity.sessions import SignedIn
from models.store.core.act import Act
from models.store.identity.passkeys import add_passkey, remove_passkey, use_passkey
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import current_actor, requires
from webapp.core.session import current_session
from webapp.extensions import db
from webapp.identity.blueprint import blueprint
from webapp.identity.factors import passkeys
from webapp.identity.factors.second_factor_views import refused
from webapp.identity.factors.second_factors import try_to_prove
from webapp.identity.forms import CodeForm, EndPasskeyForm, PasskeyForm
from webapp.identity.sessions.sign_in_views import go_on
from webapp.identity.sessions.signing_in import move_session, sign_in_session


@blueprint.route("/account/passkeys", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_EDIT_OWN, fresh=True)
def own_keys() -> ResponseReturnValue:
    """The keys of the account; connect another one."""
    form, found = PasskeyForm(), current_session()
    if found is None or not found.has_second_factor:
        return redirect(url_for("identity.account"), 303)
    if form.validate_on_submit():
        answer = submit_form(form, lambda act: _add(act, found, str(form.name.data)))
        if answer is not None:
            return answer
    known = own_passkeys(db.session(), found.principal.account_id)
    forms = [(key, EndPasskeyForm(formdata=None, passkey=str(key.passkey_id))) for key in known]
    return form_page("identity/factors/passkeys.html", form, forms=forms, possible=passkeys.host() is not None)


@blueprint.route("/account/passkeys/options", methods=["POST"])
@requires(Permission.ACCOUNT_EDIT_OWN, fresh=True)
def options_to_add() -> ResponseReturnValue:
    """What the browser needs to make a key, with a new challenge."""
    found, host = current_session(), passkeys.host()
    if found is None or host is None or not found.has_second_factor:
        abort(404)
    return _json(passkeys.options_to_add(found, host))


@blueprint.route("/account/passkeys/remove", methods=["POST"])
@requires(Permission.ACCOUNT_EDIT_OWN, fresh=True)
def remove_key() -> ResponseReturnValue:
    """Disconnect one of the own keys."""
    form = EndPasskeyForm()

    def do(act: Act) -> str:
        account_id, by = _own_id(), current_actor()
        passkey_id = UUID(str(form.passkey.data))
        remove_passkey(act.by_actor(by), account_id=account_id, passkey_id=passkey_id)
        return url_for("identity.own_keys")

    answer = submit_form(form, do) if form.validate_on_submit() else None
    return answer or redirect(url_for("identity.own_keys"), 303)


@blueprint.route("/account/second-factor/options", methods=["POST"])
@requires(Permission.SESSION_LOGIN)
def options_to_sign() -> ResponseReturnValue:
    """What the browser needs to let a key sign, with a new challenge."""
    found, host = current_session(), passkeys.host()
    if found is None or host is None or not found.has_second_factor:
        abort(404)
    return _json(passkeys.options_to_sign(found, host))


@blueprint.route("/account/second-factor/passkey", methods=["POST"])
@requires(Permission.SESSION_LOGIN)
def pass_by_key() -> ResponseReturnValue:
    """The signature of a key in place of a code: signing in, or once more before a dangerous act."""
    found, form = current_session(), CodeForm(code="")
    if found is None or not found.has_second_factor:
        return go_on(form.next.data)
    given, half = request.form.get("credential", ""), found.half
    answer = try_to_prove(
        found,
        lambda account: passkeys.check_signature(found, account, given),
        lambda session, account, signature: _accept(session, account, signature, half=half),
    )
    if answer.signed_in:
        return go_on(form.next.data)
    template = "identity/factors/second_factor.html" if half else "identity/factors/step_up.html"
    return refused(template, form, answer, words=_("That passkey didn't work. Try again, or enter the code."))


def may_use_key() -> bool:
    """Whether the person of this request has a key, and the address of the site allows to use it."""
    found = current_session()
    return (
        found is not None
        and passkeys.host() is not None
        and bool(own_passkeys(db.session(), found.principal.account_id))
    )


@blueprint.app_context_processor
def offer_keys() -> dict[str, object]:
    """What the pages that ask for a code need to offer a key."""
    return {"may_use_key": may_use_key}


def _accept(session: Session, account: AccountFacts, signature: passkeys.Signature, *, half: bool) -> bool:
    used = use_passkey(
        session,
        passkey_id=signature.passkey_id,
        count_before=signature.count_before,
        count_now=signature.count_now,
    )
    if used and half:
        sign_in_session(Act(session, SYSTEM, uuid4().hex), account.account_id, second_factor_passed=True)
        return True
    return used and move_session(Act(session, SYSTEM, uuid4().hex))


def _add(act: Act, found: SignedIn, name: str) -> str:
    """The challenge is used up here: the same form sent again gets its first answer and needs none (I15)."""
    new = passkeys.check_new(found, request.form.get("credential", ""))
    if new is None:
        raise RuleViolation("passkey_refused", "The answer of the browser is not right.")
    add_passkey(
        act,
        account_id=found.principal.account_id,
        credential_id=new.credential_id,
        public_key=new.credential_public_key,
        sign_count=new.sign_count,
        name=name,
    )
    return url_for("identity.own_keys")


def _own_id() -> UUID:
    found = current_session()
    assert found is not None
    return found.principal.account_id


def _json(text: str) -> Response:
    return current_app.response_class(text, mimetype="application/json")
