"""Reads of drafts, and whose they are: of an account, or of a record that is reached by a link."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token, vault
from models.tables.core.drafts import Draft
from models.tables.core.links import Link

Typed = tuple[tuple[str, str], ...]
"""Names of fields with what was typed into them, in the order of the form."""
LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What somebody typed, and when it was kept."""

    typed: Typed
    saved_at: datetime


def owner_of_account(account_id: UUID) -> str:
    """What stands for an account's drafts in the database."""
    return hash_token(f"drafts of account {account_id}")


def owner_of_link(session: Session, token: str) -> str | None:
    """What stands for the drafts of whoever holds this live link: its record and its address, not the token,
    since a reminder brings a fresh one."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    live = select(Link.purpose, Link.subject_id, Link.address).where(
        Link.token_hash == hash_token(token),
        Link.used_at.is_(None),
        Link.revoked_at.is_(None),
        Link.expires_at > func.db_now(),
    )
    found = session.execute(live).one_or_none()
    return hash_token(f"drafts of link {found.purpose} {found.subject_id} {found.address}") if found else None


def find_draft(session: Session, *, owner: str, form: str) -> KeptDraft | None:
    """The draft of a form; None where there is none, or none that can be opened."""
    statement = select(Draft.sealed, Draft.saved_at).where(Draft.owner == owner, Draft.form == form)
    found = session.execute(statement).one_or_none()
    if found is None or found.sealed is None:
        return None
    try:
        kept = json.loads(vault().open(bytes(found.sealed)))
    except InvalidTag:
        return None
    if (kept["owner"], kept["form"]) != (owner, form):
        return None
    return KeptDraft(tuple((name, text) for name, text in kept["typed"]), found.saved_at)


def count_drafts(session: Session, owner: str) -> int:
    """How many drafts an identity has."""
    statement = select(func.count()).where(Draft.owner == owner, Draft.sealed.is_not(None))
    return int(session.execute(statement).scalar_one())
