"""Who signs more than one text: one person in two offices is asked once, and signs on one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from models.domain.enrollment.lifecycle import SignerRole
from models.domain.records.names import same_name

ORDER = tuple(SignerRole)


class Asked(Protocol):
    """A request to sign, as far as it says who is asked for what."""

    @property
    def id(self) -> UUID: ...
    @property
    def section_id(self) -> UUID: ...
    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


AskedT = TypeVar("AskedT", bound=Asked)


def by_person(signatures: Iterable[AskedT]) -> tuple[tuple[AskedT, ...], ...]:
    """The requests to sign a section, those of one person together, in the order of the offices.

    One person has one address and one name. Two people who share a mailbox are asked one by one.
    """
    found: list[list[AskedT]] = []
    for signature in sorted(signatures, key=_order):
        own = next((group for group in found if _same_person(group[0], signature)), None)
        if own is None:
            found.append([signature])
        else:
            own.append(signature)
    return tuple(tuple(group) for group in found)


def beside(signature: AskedT, signatures: Iterable[AskedT]) -> tuple[AskedT, ...]:
    """All that the person of one request is asked to sign with it; the first one carries the link."""
    others = [one for one in signatures if one.id != signature.id]
    return next(group for group in by_person([signature, *others]) if signature in group)


def roles_of(group: Sequence[Asked]) -> tuple[SignerRole, ...]:
    """The offices in which a person signs."""
    return tuple(SignerRole(one.role) for one in group)


def _same_person(one: Asked, other: Asked) -> bool:
    return (
        one.section_id == other.section_id
        and one.email.casefold() == other.email.casefold()
        and same_name(one.name, other.name)
    )


def _order(signature: Asked) -> tuple[str, int]:
    return str(signature.section_id), ORDER.index(SignerRole(signature.role))
