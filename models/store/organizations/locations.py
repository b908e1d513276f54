"""Writing organizations and their locations."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.actors import Actor
from models.domain.core.identifiers import provider_pin
from models.store.core.audit import record
from models.tables.organizations.locations import Location, LocationStatus, Organization, OrganizationStatus


def create_organization(session: Session, *, name: str, by: Actor, cause_key: str) -> UUID:
    """Create an organization that applies to the programme; returns its id."""
    organization = Organization(id=uuid4(), name=name, status=OrganizationStatus.APPLICANT)
    session.add(organization)
    session.flush()
    _audit(session, "organization.create", organization.id, organization.id, by, cause_key)
    return organization.id


def create_location(session: Session, *, org_id: UUID, name: str, by: Actor, cause_key: str) -> UUID:
    """Create a location that is not active yet; returns its id."""
    location = Location(id=uuid4(), org_id=org_id, name=name, status=LocationStatus.PENDING)
    session.add(location)
    session.flush()
    _audit(session, "location.create", location.id, org_id, by, cause_key)
    return location.id


def rename_location(session: Session, *, location_id: UUID, name: str) -> None:
    """Give a location another name; the act that does it writes the audit row."""
    session.get_one(Location, location_id).name = name


def rename_organization(session: Session, *, org_id: UUID, name: str) -> None:
    """Give an organization its legal name; the act that does it writes the audit row."""
    session.get_one(Organization, org_id).name = name


def close_location(session: Session, *, location_id: UUID, by: Actor, cause_key: str) -> None:
    """Close a location."""
    location = session.get_one(Location, location_id)
    location.status = LocationStatus.CLOSED
    _audit(session, "location.close", location.id, location.org_id, by, cause_key)


def set_organization_status(
    session: Session, *, org_id: UUID, status: OrganizationStatus, by: Actor, cause_key: str
) -> None:
    """Move an organization to another standing with the programme."""
    organization = session.get_one(Organization, org_id)
    organization.status = status
    if status is OrganizationStatus.ACTIVE:
        organization.approved_at = func.db_now()
    _audit(session, f"organization.{status}", org_id, org_id, by, cause_key)


def activate_location(session: Session, *, location_id: UUID, by: Actor, cause_key: str) -> str:
    """Make a location active and give it a provider PIN; one that is active keeps the PIN it has."""
    location = session.get_one(Location, location_id, with_for_update=True)
    if location.status == LocationStatus.ACTIVE and location.pin:
        return location.pin
    location.pin = _free_pin(session)
    location.status, location.activated_at = LocationStatus.ACTIVE, func.db_now()
    session.flush()
    _audit(session, "location.activate", location.id, location.org_id, by, cause_key)
    return location.pin


def _free_pin(session: Session) -> str:
    """A PIN that no location has; two at once for the same PIN: the constraint refuses one, which tries again."""
    while True:
        pin = provider_pin(secrets.randbelow)
        if session.execute(select(Location.id).where(Location.pin == pin)).first() is None:
            return pin


def _audit(session: Session, action: str, object_id: UUID, org_id: UUID, by: Actor, cause_key: str) -> None:
    object_type = action.partition(".")[0]
    record(
        session, by=by, action=action, object_type=object_type, object_id=object_id, org_id=org_id, cause_key=cause_key
    )
