"""The gate in front of every view: which permission it asks for, who asks, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models.domain.capabilities import reach
from models.domain.core.actors import ANONYMOUS, Actor, person
from models.domain.core.permissions import Permission, Principal, Reach
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.core.audit import record
from webapp.core.forms.ended import keep_typed_of_ended, why_signed_out
from webapp.core.return_address import asked_page
from webapp.core.session import current_session, is_polling, server_session
from webapp.extensions import db

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
REFUSED = frozenset({403, 404})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SEE_OTHER = 303


def init_app(app: Flask) -> None:
    """Ask whoever's session has ended to sign in again; leave an audit row for every refusal of a signed-in person."""
    app.before_request(ask_to_sign_in_again)
    app.after_request(record_refusal)


def requires(permission: str, *, fresh: bool = False) -> Callable[[View], View]:
    """Let a view be opened only by those whom the permission table allows it.

    Stands directly under the route. Nobody signed in: to the sign-in page, or 401 for JSON; a page that
    asks by itself gets a bare 401 and stays as it is. Second factor missing: to its page. No role that
    may ever do it: 403. Which objects it covers is the query's matter, by `current_reach`; out of reach
    is answered like missing, with 404. A `fresh` view is dangerous: when the last proof of who it is
    is older than ten minutes, the person proves it again first and then comes back.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            g.permission = permission
            if not current_reach(permission).allowed:
                return _refuse()
            if fresh and not _is_fresh():
                return ask_to_confirm()
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.fresh = fresh  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def current_principal() -> Principal | None:
    """Who is signed in for good; None for visitors and while a second factor is missing."""
    found = current_session()
    return None if found is None or found.half else found.principal


def current_reach(permission: str) -> Reach:
    """How far the person of this request may go with a permission."""
    return reach(current_principal(), permission)


def current_actor() -> Actor:
    """The actor that this request's changes name."""
    principal = current_principal()
    return person(principal.account_id) if principal else ANONYMOUS


def ask_to_sign_in_again() -> ResponseReturnValue | None:
    """A form of a session that has ended: to the sign-in page and back, before its stale token is looked at.

    What was typed is kept for the person whose session it was, and for nobody else (A2).
    """
    if request.method in SAFE_METHODS or not server_session().has_ended():
        return None
    permission = permission_of(request.endpoint)
    if permission is Permission.SESSION_LOGOUT:
        return redirect(url_for("public.start"), SEE_OTHER)
    if permission is None or current_reach(permission).allowed:
        return None
    return _refuse(typed_is_kept=keep_typed_of_ended())


def permission_of(endpoint: str | None) -> Permission | None:
    """What a view asks for; None where there is none."""
    found: Permission | None = getattr(current_app.view_functions.get(endpoint or ""), "permission", None)
    return found


def may_open(endpoint: str | None) -> bool:
    """Whether the person of this request may open a view at all."""
    permission = permission_of(endpoint)
    return permission is not None and current_reach(permission).allowed


def ask_to_confirm() -> ResponseReturnValue:
    """To the page that asks once more for the second factor or the password, and back."""
    place = url_for("identity.step_up", next=asked_page())
    if "HX-Request" in request.headers:
        return make_response("", 401, {"HX-Redirect": place})
    if wants_json():
        return make_response(jsonify(error="confirm_first"), 401)
    return redirect(place, SEE_OTHER)


def _is_fresh() -> bool:
    found = current_session()
    return found is not None and found.fresh


def record_refusal(response: Response) -> Response:
    """Every 403 and 404 of a signed-in person leaves one audit row (I13); views need not think of it."""
    if response.status_code in REFUSED and _is_a_view() and not g.get("failing", False):
        actor = current_actor()
        if actor != ANONYMOUS:
            with transaction(db.engine) as session:
                record(
                    Act(session, actor),
                    action=g.get("permission", "route.open"),
                    object_type="route",
                    object_id=None,
                    outcome="denied",
                    detail={"route": str(request.url_rule)},
                )
    return response


def _is_a_view() -> bool:
    return request.endpoint is not None and request.endpoint != "static"


def _refuse(*, typed_is_kept: bool = False) -> ResponseReturnValue:
    if current_principal() is not None:
        abort(403)
    if is_polling(request):
        return make_response("", 401)
    half = current_session() is not None
    why = {} if half else why_signed_out(typed_is_kept=typed_is_kept)
    values: dict[str, Any] = {"next": asked_page(), **why}
    place = url_for("identity.second_factor" if half else "identity.sign_in", **values)
    if "HX-Request" in request.headers:
        return make_response("", 401, {"HX-Redirect": place})
    if wants_json():
        return make_response(jsonify(error="sign_in_first"), 401)
    return redirect(place)


def wants_json() -> bool:
    """Whether a script asks, which reads JSON and no page."""
    accepted = request.accept_mimetypes
    return request.is_json or accepted.best_match(["text/html", "application/json"], "text/html") == "application/json"
