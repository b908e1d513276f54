"""The session behind a request: a row in PostgreSQL for who is signed in, a signed cookie for everybody else.

Nothing is read before a page asks, so that static files and failure pages need no database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from flask import Flask, Request, Response, current_app
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token
from models.domain.core.actors import SYSTEM
from models.postgres.database import reading, transaction
from models.queries.identity.sessions import SignedIn, find_session
from models.store.core.act import Act
from models.store.identity.sessions import end_session, keep_message, keep_session_data, touch_session
from webapp.core.logging import log_failure
from webapp.extensions import db

SALT = "cvms anonymous session"
KEPT_FOR_VISITORS = frozenset({"csrf_token", "password_was_reset"})
"""All that the cookie of somebody who is not signed in may hold."""
LONGEST_COOKIE = 500


def init_app(app: Flask) -> None:
    """Let Flask keep its sessions here."""
    app.session_interface = ServerSessions()


class ServerSession(SessionMixin):
    """What Flask calls the session. `sid` is the id in the cookie of somebody who is signed in."""

    def __init__(self, cookie: str, *, polling: bool) -> None:
        self.cookie = cookie
        self.sid: str | None = cookie if cookie and "." not in cookie else None
        self.polling = polling
        self.loaded = False
        self.modified = False
        self.dropped = False
        self.ended_hash: str | None = None
        self._signed_in: SignedIn | None = None
        self._data: dict[str, Any] = {}

    def signed_in(self) -> SignedIn | None:
        """The session of this request, half or whole; None for a visitor or when it has ended."""
        self._load()
        return self._signed_in

    def has_ended(self) -> bool:
        """Whether the browser still holds the id of a session that is over; `ended_hash` is what is kept of it."""
        self._load()
        return self.ended_hash is not None

    def begin(self, sid: str) -> None:
        """From now on the visitor is whom the session `sid` belongs to."""
        self.sid, self.loaded, self.modified, self.dropped = sid, False, False, False
        self._signed_in, self._data = None, {}

    def drop(self) -> None:
        """From now on the visitor is nobody in particular."""
        self.begin("")
        self.sid, self.loaded, self.dropped, self.cookie = None, True, True, ""

    def say_later(self, session: Session, message: str) -> None:
        """Have the next page say it, once the transaction of what it tells of has committed."""
        if self.sid is not None:
            keep_message(session, sid_hash=hash_token(self.sid), message=message)

    def _load(self) -> None:
        if self.loaded:
            return
        self.loaded = True
        if self.sid is None:
            self._data = _read_cookie(self.cookie)
            return
        self._signed_in = load_signed_in(self.sid, polling=self.polling)
        if self._signed_in is None:
            self.ended_hash = hash_token(self.sid)
            self.sid, self.dropped = None, True
        else:
            self._data = dict(self._signed_in.data)

    def __getitem__(self, key: str) -> Any:
        self._load()
        return self._data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._load()
        self.modified = True
        self._data[key] = value

    def __delitem__(self, key: str) -> None:
        self._load()
        del self._data[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(dict(self._data))

    def __len__(self) -> int:
        self._load()
        return len(self._data)


class ServerSessions(SessionInterface):
    """Opens a session from the request's cookie and writes back what changed."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        return ServerSession(cookie[:LONGEST_COOKIE], polling=is_polling(request))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        visitor = cast(ServerSession, session)
        if visitor.loaded or visitor.sid:
            response.vary.add("Cookie")
        if visitor.sid is not None:
            self._save_signed_in(app, visitor, response)
        elif visitor.modified:
            kept = {key: value for key, value in visitor.items() if key in KEPT_FOR_VISITORS}
            self._set_cookie(app, response, _serializer(app).dumps(kept))
        elif visitor.dropped:
            response.delete_cookie(
                self.get_cookie_name(app), path="/", secure=self.get_cookie_secure(app), httponly=True, samesite="Lax"
            )

    def _save_signed_in(self, app: Flask, visitor: ServerSession, response: Response) -> None:
        sid = str(visitor.sid)
        if visitor.modified:
            try:
                with transaction(db.engine) as session:
                    keep_session_data(session, sid_hash=hash_token(sid), data=dict(visitor))
            except SQLAlchemyError as error:
                log_failure(error)
        if visitor.cookie != sid:
            self._set_cookie(app, response, sid)

    def _set_cookie(self, app: Flask, response: Response, value: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            value,
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )


def current_session() -> SignedIn | None:
    """Who has given the right password, also while the second factor is still missing.

    Pages use `webapp.core.permissions.current_principal`, which is None until the session is whole.
    """
    return server_session().signed_in()


def server_session() -> ServerSession:
    """The session object of this request."""
    found = flask_session._get_current_object()  # type: ignore[attr-defined]
    return cast(ServerSession, found)


def begin_after_commit(session: Session, sid: str) -> None:
    """Hand the visitor the session `sid` once the transaction that began it is committed."""
    visitor = server_session()
    event.listen(session, "after_commit", lambda _session: visitor.begin(sid), once=True)


def is_polling(request: Request) -> bool:
    """Whether the page asks by itself: such a request never counts as activity (P32)."""
    return "X-CVMS-Poll" in request.headers or request.args.get("poll") == "1"


def load_signed_in(sid: str, *, polling: bool) -> SignedIn | None:
    """The live session of an id. One that is past its limits is ended here; one in use is touched."""
    with reading(db.engine) as session:
        found = find_session(session, hash_token(sid))
    if found is None:
        return None
    if found.expired:
        with transaction(db.engine) as session:
            end_session(Act(session, SYSTEM), sid_hash=found.sid_hash, reason="expired")
        return None
    if found.worth_touching and not polling:
        with transaction(db.engine) as session:
            touch_session(session, sid_hash=found.sid_hash)
    return found


def _serializer(app: Flask) -> URLSafeSerializer:
    return URLSafeSerializer(str(app.config["SECRET_KEY"]), salt=SALT)


def _read_cookie(cookie: str) -> dict[str, Any]:
    try:
        found = _serializer(current_app).loads(cookie)
    except BadSignature:
        return {}
    return found if isinstance(found, dict) else {}
