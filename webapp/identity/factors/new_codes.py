"""New recovery codes on their one way to the page: sealed in the session until the person has kept them."""

from __future__ import annotations

import base64

from sqlalchemy.orm import Session

from models.crypto.sealing import vault
from models.domain.identity.recovery_codes import grouped
from models.store.identity.sessions import keep_in_session
from webapp.core.session import server_session

NAME = "new_recovery_codes"


def keep_new_codes(session: Session, sid_hash: str, codes: tuple[str, ...]) -> None:
    """Keep codes for the page that shows them, in the transaction that made them."""
    sealed = vault().seal(" ".join(map(grouped, codes)).encode())
    keep_in_session(session, sid_hash=sid_hash, name=NAME, value=base64.b64encode(sealed).decode())


def new_codes() -> tuple[str, ...]:
    """The codes that this session made and the person has not put away yet."""
    kept = server_session().get(NAME)
    return tuple(vault().open(base64.b64decode(kept)).decode().split()) if kept else ()


def forget_new_codes() -> None:
    """From now on nobody can read them any more."""
    server_session().pop(NAME, None)
