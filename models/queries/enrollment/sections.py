"""Reading the sections of an enrollment: answers, coordinator, signatures, and the notes of the last return."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.tasks import LIVE
from models.domain.enrollment.kinds import LinkPurpose, TaskKind
from models.domain.enrollment.lifecycle import SectionKind, SectionState, SignerRole
from models.domain.enrollment.signers import by_person
from models.domain.records.notes import Correction, NoteState
from models.queries.core.mail.undeliverable import undeliverable_links
from models.queries.enrollment.corrections import read_corrections
from models.tables.core.links import Link
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Decision, Enrollment, Section, Signature
from models.tables.organizations.locations import Location


@dataclass(frozen=True, slots=True)
class Asked:
    """When somebody was sent a link: first, last, and how often."""

    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class SignatureAsked:
    """A live request to sign. `task_id` is set when the applicant is asked to name another signer.

    `undeliverable` when the address is dead, so that the last link reached nobody.
    """

    signature_id: UUID
    role: SignerRole
    name: str
    email: str
    asked: Asked | None
    signed_at: datetime | None
    task_id: UUID | None
    undeliverable: bool = False


@dataclass(frozen=True, slots=True)
class SectionSeen:
    """A section with its answers, its place, its coordinator and its signatures.

    `corrections` are the notes of the last return, with what became of each.

    `undeliverable` when the coordinator's address is dead, so that the last invitation reached nobody.
    """

    section_id: UUID
    kind: SectionKind
    state: SectionState
    state_since: datetime
    answers: Mapping[str, str | int]
    version: int
    location_id: UUID | None
    location_name: str | None
    pin: str | None
    coordinator_name: str | None
    coordinator_email: str | None
    coordinator_language: str
    joined: bool
    asked: Asked | None
    task_id: UUID | None
    undeliverable: bool = False
    signatures: tuple[SignatureAsked, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def notes(self) -> Mapping[str, str]:
        """The notes that are still to be corrected or answered: field to reason."""
        return {one.field: one.reason for one in self.corrections if one.state is NoteState.OPEN}

    @property
    def unreached(self) -> bool:
        """Whether the coordinator or somebody who is to sign cannot be reached."""
        return self.undeliverable or any(signature.undeliverable for signature in self.signatures)


def read_sections(
    session: Session, enrollment: Enrollment, last: Decision | None, *, within: Collection[UUID] | None
) -> tuple[SectionSeen, ...]:
    """The live sections of an enrollment, section A first; only those of the locations `within`, unless None."""
    notes = read_corrections(session, enrollment, last)
    statement = (
        select(Section, Location)
        .outerjoin(Location, Location.id == Section.location_id)
        .where(Section.enrollment_id == enrollment.id, Section.removed_at.is_(None))
        .order_by(Section.kind, Section.created_at, Section.id)
    )
    if within is not None:
        statement = statement.where(Section.location_id.in_(within))
    pairs = [(row[0], row[1]) for row in session.execute(statement)]
    ids = [section.id for section, _ in pairs]
    signatures = _signatures(session, enrollment, ids)
    asked = _asked(session, LinkPurpose.JOIN_LOCATION, ids)
    tasks = _signer_tasks(session, ids)
    dead = undeliverable_links(session, entity_id=enrollment.id, purposes={LinkPurpose.JOIN_LOCATION}, subject_ids=ids)
    return tuple(
        _section(
            section,
            location,
            asked.get(section.id),
            tasks.get(section.id),
            section.state == SectionState.INVITED and section.id in dead,
            signatures.get(section.id, ()),
            tuple(one.seen_in(section.answers) for one in notes.get(section.id, ())),
        )
        for section, location in pairs
    )


def _section(
    section: Section,
    location: Location | None,
    asked: Asked | None,
    task_id: UUID | None,
    undeliverable: bool,
    signatures: tuple[SignatureAsked, ...],
    corrections: tuple[Correction, ...],
) -> SectionSeen:
    return SectionSeen(
        section_id=section.id,
        kind=SectionKind(section.kind),
        state=SectionState(section.state),
        state_since=section.state_since,
        answers=dict(section.answers),
        version=section.version,
        location_id=section.location_id,
        location_name=location.name if location else None,
        pin=location.pin if location else None,
        coordinator_name=section.coordinator_name,
        coordinator_email=section.coordinator_email,
        coordinator_language=section.coordinator_language,
        joined=section.coordinator_account_id is not None,
        asked=asked,
        task_id=task_id,
        undeliverable=undeliverable,
        signatures=signatures,
        corrections=corrections,
    )


def _signatures(
    session: Session, enrollment: Enrollment, section_ids: Iterable[UUID]
) -> dict[UUID, tuple[SignatureAsked, ...]]:
    statement = (
        select(Signature)
        .where(Signature.section_id.in_(section_ids), Signature.superseded_at.is_(None))
        .order_by(Signature.role.desc(), Signature.created_at)
    )
    rows = list(session.scalars(statement))
    ids = [row.id for row in rows]
    asked, tasks = _asked(session, LinkPurpose.SIGN_SECTION, ids), _signer_tasks(session, ids)
    dead = undeliverable_links(session, entity_id=enrollment.id, purposes={LinkPurpose.SIGN_SECTION}, subject_ids=ids)
    first = _who_was_mailed(rows)
    found: dict[UUID, tuple[SignatureAsked, ...]] = {}
    for row in rows:
        mailed = first.get(row.id, row.id)
        one = SignatureAsked(
            row.id,
            SignerRole(row.role),
            row.name,
            row.email,
            asked.get(mailed) or asked.get(row.id),
            row.signed_at,
            tasks.get(mailed),
            row.signed_at is None and mailed in dead,
        )
        found[row.section_id] = (*found.get(row.section_id, ()), one)
    return found


def _who_was_mailed(rows: Sequence[Signature]) -> Mapping[UUID, UUID]:
    """Each open request with the one whose link goes to the same person, who signs all on one page."""
    unsigned = [row for row in rows if row.signed_at is None]
    return {row.id: group[0].id for group in by_person(unsigned) for row in group}


def _asked(session: Session, purpose: LinkPurpose, subject_ids: Iterable[UUID]) -> dict[UUID, Asked]:
    statement = (
        select(Link.subject_id, func.min(Link.created_at), func.max(Link.created_at), func.count())
        .where(Link.purpose == purpose, Link.subject_id.in_(subject_ids))
        .group_by(Link.subject_id)
    )
    return {row[0]: Asked(row[1], row[2], row[3]) for row in session.execute(statement)}


def _signer_tasks(session: Session, subject_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    statement = select(Task.subject_id, Task.id).where(
        Task.kind == TaskKind.NAME_ANOTHER_SIGNER, Task.status.in_(LIVE), Task.subject_id.in_(subject_ids)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
