"""Writing drafts: kept while somebody types, gone with the form's submission or after seven days.

No audit row: a draft is no fact, nothing is decided by it and only its owner sees it. What is sent leaves one.
"""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token, vault
from models.postgres.write_behind import write_later
from models.queries.core.drafts import Typed
from models.tables.core.drafts import Draft

KEPT = timedelta(days=7)
LATE = timedelta(seconds=10)
"""An autosave that was on its way when its form was sent arrives within this time, and is not kept."""
MOST = 100
"""Drafts of one identity; the oldest makes room."""


def keep_draft(session: Session, *, owner: str, form: str, typed: Typed, token: str) -> bool:
    """Keep what was typed in place of what was kept before; False when the form with this token was just sent."""
    plain = json.dumps({"owner": owner, "form": form, "typed": typed})
    values = {"sealed": vault().seal(plain.encode()), "sent_token": None, "saved_at": func.db_now()}
    was_sent = (Draft.sent_token == hash_token(token)) & (Draft.saved_at > func.db_now() - LATE)
    statement = (
        insert(Draft)
        .values(owner=owner, form=form, **values)
        .on_conflict_do_update(
            index_elements=[Draft.owner, Draft.form],
            set_=values,
            where=or_(Draft.sent_token.is_(None), ~was_sent),
        )
        .returning(Draft.form)
    )
    kept = session.execute(statement).one_or_none() is not None
    _make_room(session, owner)
    return kept


def drop_draft(session: Session, *, owner: str, form: str, token: str) -> None:
    """The form with this token was sent, or what was typed into it is discarded."""
    values = {"sealed": None, "sent_token": hash_token(token), "saved_at": func.db_now()}
    statement = insert(Draft).values(owner=owner, form=form, **values)
    write_later(session, statement.on_conflict_do_update(index_elements=[Draft.owner, Draft.form], set_=values))


def drop_drafts(session: Session, *, owner: str) -> None:
    """Wipe every draft of an identity."""
    session.execute(update(Draft).where(Draft.owner == owner).values(sealed=None))


def sweep_drafts(session: Session) -> int:
    """Forget drafts older than seven days; the worker does this now and then."""
    old = Draft.saved_at < func.db_now() - KEPT
    return len(session.execute(delete(Draft).where(old).returning(Draft.form)).all())


def _make_room(session: Session, owner: str) -> None:
    mine = select(Draft.form).where(Draft.owner == owner, Draft.sealed.is_not(None))
    too_many = mine.order_by(Draft.saved_at.desc()).offset(MOST)
    session.execute(update(Draft).where(Draft.owner == owner, Draft.form.in_(too_many)).values(sealed=None))
