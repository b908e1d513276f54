"""To whom an enrollment's mails go, what they are about, and the links in them. Each is sent where it is caused."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.enrollment.kinds import LinkPurpose
from models.domain.enrollment.signers import beside, roles_of
from models.queries.enrollment.reference import signer_roles
from models.store.core.act import Act
from models.store.core.mail.sending import About, FreshLink, Recipient, send
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature
from models.tables.organizations.locations import Location, Organization


def about(session: Session, enrollment: Enrollment, section: Section | None = None) -> About:
    """What a mail about an enrollment says, or about one of its sections."""
    values = {"organization": organization_name(session, enrollment), "reference": enrollment.reference}
    if section is not None:
        values["location"] = location_name(session, enrollment, section)
    return About(enrollment.id, enrollment.org_id, values, path=f"/enrollment/{enrollment.id}")


def coordinator(section: Section) -> Recipient:
    """A location's coordinator, joined or not."""
    return Recipient(
        section.coordinator_email or "",
        section.coordinator_name or "",
        section.coordinator_language,
        section.coordinator_account_id,
    )


def signer(signature: Signature) -> Recipient:
    """Who signs, or signed; signers have no account."""
    return Recipient(signature.email, signature.name, signature.language)


def join_link(section: Section) -> FreshLink:
    """The invitation of a coordinator."""
    return FreshLink(LinkPurpose.JOIN_LOCATION, section.id, "/enrollment/join")


def sign_link(signature: Signature) -> FreshLink:
    """The way to the text to sign."""
    return FreshLink(LinkPurpose.SIGN_SECTION, signature.id, "/enrollment/sign")


def ask_to_sign(act: Act, enrollment: Enrollment, group: Sequence[Signature], template: str) -> None:
    """Mail one person the way to everything that this person is asked to sign of a section."""
    first = group[0]
    section = act.session.get_one(Section, first.section_id)
    roles = signer_roles(roles_of(group), first.language)
    subject = about(act.session, enrollment, section)
    send(act, template, to=signer(first), about=subject, link=sign_link(first), roles=roles)


def unsigned_beside(session: Session, signature: Signature) -> tuple[Signature, ...]:
    """What the person of a live request is asked to sign with it; the first one carries the link."""
    statement = select(Signature).where(
        Signature.section_id == signature.section_id,
        Signature.superseded_at.is_(None),
        Signature.signed_at.is_(None),
    )
    return beside(signature, session.execute(statement).scalars())


def organization_name(session: Session, enrollment: Enrollment) -> str:
    return session.get_one(Organization, enrollment.org_id).name


def location_name(session: Session, enrollment: Enrollment, section: Section) -> str:
    """What a section is about, for the eye: the location's name, or the organization's for section A."""
    if section.location_id is None:
        return organization_name(session, enrollment)
    return session.get_one(Location, section.location_id).name
