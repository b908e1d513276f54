"""Who did it: the actor that every change names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What kind of actor caused a change."""

    PERSON = "person"
    LINK = "link"
    PROCESS = "process"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor; `id` is the account, the link or the process, None for the system and for anonymous people."""

    kind: ActorKind
    id: UUID | None = None


NOBODY = UUID(int=0)
"""Stands for no account where an id is compared."""
SYSTEM = Actor(ActorKind.SYSTEM)
ANONYMOUS = Actor(ActorKind.ANONYMOUS)


def person(account_id: UUID) -> Actor:
    """A signed-in person."""
    return Actor(ActorKind.PERSON, account_id)


def link_holder(link_id: UUID) -> Actor:
    """Whoever holds a link that was sent by mail."""
    return Actor(ActorKind.LINK, link_id)


def process(process_id: UUID) -> Actor:
    """A durable process."""
    return Actor(ActorKind.PROCESS, process_id)
