"""Writing organizations and their locations."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.identifiers import provider_pin
from models.store.core.act import Act
from models.store.core.audit import record
from models.tables.organizations.locations import Location, LocationStatus, Organization, OrganizationStatus


def create_organization(act: Act, *, name: str) -> UUID:
    """Create an organization that applies to the programme; returns its id."""
    organization = Organization(id=uuid4(), name=name, status=OrganizationStatus.APPLICANT)
    act.session.add(organization)
    act.session.flush()
    _audit(act, "organization.create", organization.id, organization.id)
    return organization.id


def create_location(act: Act, *, org_id: UUID, name: str) -> UUID:
    """Create a location that is not active yet; returns its id."""
    location = Location(id=uuid4(), org_id=org_id, name=name, status=LocationStatus.PENDING)
    act.session.add(location)
    act.session.flush()
    _audit(act, "location.create", location.id, org_id)
    return location.id


def rename_location(session: Session, *, location_id: UUID, name: str) -> None:
    """Give a location another name; the act that does it writes the audit row."""
    session.get_one(Location, location_id).name = name


def rename_organization(session: Session, *, org_id: UUID, name: str) -> None:
    """Give an organization its legal name; the act that does it writes the audit row."""
    session.get_one(Organization, org_id).name = name


def close_location(act: Act, *, location_id: UUID) -> None:
    """Close a location."""
    location = act.session.get_one(Location, location_id)
    location.status = LocationStatus.CLOSED
    _audit(act, "location.close", location.id, location.org_id)


def set_organization_status(act: Act, *, org_id: UUID, status: OrganizationStatus) -> None:
    """Move an organization to another standing with the programme."""
    organization = act.session.get_one(Organization, org_id)
    organization.status = status
    if status is OrganizationStatus.ACTIVE:
        organization.approved_at = func.db_now()
    _audit(act, f"organization.{status}", org_id, org_id)


def activate_location(act: Act, *, location_id: UUID) -> str:
    """Make a location active and give it a provider PIN; one that is active keeps the PIN it has."""
    location = act.session.get_one(Location, location_id, with_for_update=True)
    if location.status == LocationStatus.ACTIVE and location.pin:
        return location.pin
    location.pin = _free_pin(act.session)
    location.status, location.activated_at = LocationStatus.ACTIVE, func.db_now()
    act.session.flush()
    _audit(act, "location.activate", location.id, location.org_id)
    return location.pin


def _free_pin(session: Session) -> str:
    """A PIN that no location has; two at once for the same PIN: the constraint refuses one, which tries again."""
    while True:
        pin = provider_pin(secrets.randbelow)
        if session.execute(select(Location.id).where(Location.pin == pin)).first() is None:
            return pin


def _audit(act: Act, action: str, object_id: UUID, org_id: UUID) -> None:
    object_type = action.partition(".")[0]
    record(act, action=action, object_type=object_type, object_id=object_id, org_id=org_id)
