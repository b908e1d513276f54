"""To whom an enrollment's mails go, what they are about, and the links in them. Each is sent where it is caused."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.domain.enrollment.kinds import LinkPurpose
from models.store.core.mail import About, FreshLink, Recipient
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


def organization_name(session: Session, enrollment: Enrollment) -> str:
    return session.get_one(Organization, enrollment.org_id).name


def location_name(session: Session, enrollment: Enrollment, section: Section) -> str:
    """What a section is about, for the eye: the location's name, or the organization's for section A."""
    if section.location_id is None:
        return organization_name(session, enrollment)
    return session.get_one(Location, section.location_id).name
