"""Links with a token: issued, opened without effect, used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token, new_token
from models.domain.core.violations import RuleViolation
from models.store.core.clock import db_now
from models.tables.core.links import Link


class LinkState(StrEnum):
    """What became of a link."""

    USABLE = "usable"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as its holder may know it."""

    link_id: UUID
    purpose: str
    subject_id: UUID
    address: str
    state: LinkState
    created_at: datetime
    expires_at: datetime


def issue_link(
    session: Session,
    *,
    purpose: str,
    subject_id: UUID,
    address: str,
    lifetime: timedelta,
) -> str:
    """Issue a fresh link and let the older ones of the same purpose and subject die; returns the token."""
    revoke_links(session, purpose=purpose, subject_id=subject_id)
    token = new_token()
    session.add(
        Link(
            id=uuid4(),
            purpose=purpose,
            subject_id=subject_id,
            address=address,
            token_hash=hash_token(token),
            expires_at=db_now(session) + lifetime,
        )
    )
    session.flush()
    return token


def revoke_links(session: Session, *, purpose: str, subject_id: UUID) -> None:
    """Let every live link of a purpose and subject die."""
    session.execute(
        update(Link)
        .where(Link.purpose == purpose, Link.subject_id == subject_id)
        .where(Link.used_at.is_(None), Link.revoked_at.is_(None))
        .values(revoked_at=func.db_now())
    )


def find_link(session: Session, token: str, purpose: str) -> FoundLink | None:
    """The link of a token, whatever its state; None for an unknown token or another purpose."""
    if len(token) > 100 or not token.isascii():
        return None
    statement = select(Link).where(Link.token_hash == hash_token(token), Link.purpose == purpose)
    link = session.execute(statement).scalar_one_or_none()
    return _found(link, db_now(session)) if link else None


def use_link(session: Session, *, token: str, purpose: str) -> FoundLink:
    """Use a link up; refused (`link_unknown`, `link_used`, `link_revoked`, `link_expired`) when it is not live."""
    statement = select(Link).where(Link.token_hash == hash_token(token), Link.purpose == purpose).with_for_update()
    link = session.execute(statement).scalar_one_or_none()
    if link is None:
        raise RuleViolation("link_unknown", "This link is not valid.")
    found = _found(link, db_now(session))
    if found.state is not LinkState.USABLE:
        raise RuleViolation(f"link_{found.state}", "This link can no longer be used.")
    link.used_at = db_now(session)
    return found


def _found(link: Link, now: datetime) -> FoundLink:
    return FoundLink(
        link.id,
        link.purpose,
        link.subject_id,
        link.address,
        _state(link, now),
        link.created_at,
        link.expires_at,
    )


def _state(link: Link, now: datetime) -> LinkState:
    if link.used_at is not None:
        return LinkState.USED
    if link.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if link.expires_at <= now else LinkState.USABLE
