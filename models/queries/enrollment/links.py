"""Reading what a mailed link leads to: a wish to enroll, an invited location, a text to sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.enrollment.lifecycle import APPLYING, SectionKind, SectionState, SignerRole
from models.domain.enrollment.signers import beside
from models.tables.enrollment.lifecycle import Enrollment, EnrollmentStart, Section, Signature
from models.tables.organizations.locations import Location, Organization


@dataclass(frozen=True, slots=True)
class Start:
    """A wish to enroll, and the enrollment that came of it."""

    start_id: UUID
    organization: str
    name: str
    email: str
    language: str
    enrollment_id: UUID | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A location and its invited coordinator. `waiting` while the invitation can be accepted."""

    section_id: UUID
    enrollment_id: UUID
    organization: str
    location: str
    coordinator_name: str
    email: str
    language: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class TextToSign:
    """A request to sign: the exact text, and what became of it. `open` while it may be signed."""

    signature_id: UUID
    section: SectionKind
    role: SignerRole
    name: str
    language: str
    organization: str
    location: str | None
    reference: str
    version: str
    answers: Mapping[str, str | int]
    text_hash: str
    signed_name: str | None
    signed_at: datetime | None
    superseded: bool
    open: bool


def find_start(session: Session, start_id: UUID) -> Start | None:
    """The wish to enroll that a confirmation link belongs to."""
    found = session.get(EnrollmentStart, start_id, populate_existing=True)
    if found is None:
        return None
    return Start(found.id, found.organization_name, found.name, found.email, found.language, found.enrollment_id)


def find_invitation(session: Session, section_id: UUID) -> Invitation | None:
    """The location that a coordinator's link belongs to."""
    statement = (
        select(Section, Enrollment.state, Organization.name, Location.name)
        .join(Enrollment, Enrollment.id == Section.enrollment_id)
        .join(Organization, Organization.id == Section.org_id)
        .join(Location, Location.id == Section.location_id)
        .where(Section.id == section_id, Section.removed_at.is_(None))
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    section = found[0]
    return Invitation(
        section_id=section.id,
        enrollment_id=section.enrollment_id,
        organization=found[2],
        location=found[3],
        coordinator_name=section.coordinator_name or "",
        email=section.coordinator_email or "",
        language=section.coordinator_language,
        waiting=found[1] in APPLYING and section.state == SectionState.INVITED,
    )


def find_texts_to_sign(session: Session, signature_id: UUID) -> tuple[TextToSign, ...]:
    """What a signer's link leads to: its own request to sign, and the others of the same person.

    The others are those that are open with it, or that were signed in the same moment. Empty for an unknown one.
    """
    asked = session.get(Signature, signature_id, populate_existing=True)
    if asked is None:
        return ()
    statement = select(Signature).where(
        Signature.section_id == asked.section_id,
        Signature.superseded_at.is_not_distinct_from(asked.superseded_at),
        Signature.signed_at.is_not_distinct_from(asked.signed_at),
    )
    group = beside(asked, session.scalars(statement))
    found = (find_text_to_sign(session, one.id) for one in group)
    return tuple(text for text in found if text is not None)


def find_text_to_sign(session: Session, signature_id: UUID) -> TextToSign | None:
    """One request to sign."""
    statement = (
        select(Signature, Section, Enrollment, Organization.name, Location.name)
        .join(Section, Section.id == Signature.section_id)
        .join(Enrollment, Enrollment.id == Signature.enrollment_id)
        .join(Organization, Organization.id == Signature.org_id)
        .outerjoin(Location, Location.id == Section.location_id)
        .where(Signature.id == signature_id)
    )
    found = session.execute(statement).one_or_none()
    return _text(found[0], found[1], found[2], found[3], found[4]) if found else None


def _text(
    signature: Signature, section: Section, enrollment: Enrollment, organization: str, location: str | None
) -> TextToSign:
    waiting = section.state == SectionState.AWAITING_SIGNATURE and section.removed_at is None
    return TextToSign(
        signature_id=signature.id,
        section=SectionKind(section.kind),
        role=SignerRole(signature.role),
        name=signature.name,
        language=signature.language,
        organization=organization,
        location=location,
        reference=enrollment.reference,
        version=str(signature.text["agreement"]),
        answers=dict(signature.text["answers"]),
        text_hash=signature.text_hash,
        signed_name=signature.signed_name,
        signed_at=signature.signed_at,
        superseded=signature.superseded_at is not None,
        open=enrollment.state in APPLYING and waiting and signature.superseded_at is None,
    )
