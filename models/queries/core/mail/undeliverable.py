"""Reading which of the links that were mailed last never reached anybody, because their address is dead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, exists, null, select, union_all
from sqlalchemy.orm import Session

from models.domain.core.mail.messages import MessageStatus
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.core.tasks import Deadline, Task


def undeliverable_links(
    session: Session, *, entity_id: UUID, purposes: Collection[str], subject_ids: Iterable[UUID]
) -> Mapping[UUID, UUID]:
    """Each subject whose live link could not be delivered, with that link.

    A newer link ends it, to another address or to the same one, and says nothing until its own message is given up.
    """
    found = session.execute(_dead(entity_id, purposes, subject_ids))
    return {row[0]: row[1] for row in found}


def fired_and_dead(
    session: Session, *, entity_id: UUID, purposes: Collection[str], tasks: Mapping[UUID, UUID]
) -> tuple[set[tuple[UUID, str]], Mapping[UUID, UUID]]:
    """Of tasks, each with its subject: which of their deadlines have fired, and the dead links of the subjects.

    One statement, since every look at an application asks it.
    """
    fired = select(Deadline.subject_id, Deadline.kind, null()).where(
        Deadline.process_id.in_(select(Task.process_id).where(Task.id.in_(tasks))),
        Deadline.subject_id.in_(tasks),
        Deadline.fired_at.is_not(None),
    )
    dead = _dead(entity_id, purposes, tasks.values()).subquery()
    both: CompoundSelect[Any] = union_all(fired, select(dead.c.subject_id, null(), dead.c.id))
    rows = session.execute(both).all()
    return {(row[0], row[1]) for row in rows if row[1]}, {row[0]: row[2] for row in rows if row[2]}


def _dead(entity_id: UUID, purposes: Collection[str], subject_ids: Iterable[UUID]) -> Select[UUID, UUID]:
    given_up = exists().where(
        Message.entity_id == entity_id,
        Message.status == MessageStatus.UNDELIVERABLE,
        Message.to_address == Link.address,
        Message.created_at >= Link.created_at,
    )
    return (
        select(Link.subject_id, Link.id)
        .where(Link.purpose.in_(purposes), Link.subject_id.in_(list(subject_ids)), given_up)
        .where(Link.used_at.is_(None), Link.revoked_at.is_(None))
    )
