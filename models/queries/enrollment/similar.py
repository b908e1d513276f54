"""Reading which applications may be of the same organization, so that a second one is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind
from models.domain.enrollment.similar import own_domain, same_address, same_organization
from models.tables.enrollment.lifecycle import Enrollment, Section
from models.tables.identity.accounts import Account
from models.tables.organizations.locations import Organization

ENDED = (EnrollmentState.DENIED, EnrollmentState.WITHDRAWN)


class Likeness(StrEnum):
    """By what two applications are alike."""

    PERSON = "person"
    NAME = "name"
    ADDRESS = "address"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Similar:
    """An application that may be the same organization's; `likeness` says by what."""

    enrollment_id: UUID
    reference: str
    organization: str
    since: datetime
    likeness: Likeness


def similar_to(session: Session, *, name: str, email: str) -> tuple[Similar, ...]:
    """The applications, under way or approved, that a new one of this name and address may repeat; oldest first."""
    wanted = own_domain(email)
    found = []
    for row in session.execute(_live()):
        domains = {own_domain(row.admin), own_domain(row.email or "")} - {None}
        if row.admin == email:
            found.append(_similar(row, Likeness.PERSON))
        elif same_organization(name, row.name):
            found.append(_similar(row, Likeness.NAME))
        elif wanted in domains:
            found.append(_similar(row, Likeness.DOMAIN))
    return tuple(found)


def similar_enrollments(session: Session, enrollment_id: UUID) -> tuple[Similar, ...]:
    """The other applications that may be of the organization of one, for its reviewer; oldest first."""
    rows = list(session.execute(_live(ended=enrollment_id)))
    own = next((row for row in rows if row.id == enrollment_id), None)
    if own is None:
        return ()
    wanted = own_domain(own.email or "")
    found = []
    for row in rows:
        if row.id == enrollment_id:
            continue
        if same_organization(own.name, row.name):
            found.append(_similar(row, Likeness.NAME))
        elif same_address((own.street, own.zip), (row.street, row.zip)):
            found.append(_similar(row, Likeness.ADDRESS))
        elif wanted is not None and wanted == own_domain(row.email or ""):
            found.append(_similar(row, Likeness.DOMAIN))
    return tuple(found)


def _live(ended: UUID | None = None) -> Select[Any]:
    """Every application that did not end without an approval, with the one named `ended` whatever it came to."""
    return (
        select(
            Enrollment.id,
            Enrollment.reference,
            Enrollment.created_at,
            Organization.name,
            Account.email_norm.label("admin"),
            *(Section.answers[name].astext.label(name) for name in ("email", "street", "zip")),
        )
        .join(Organization, Organization.id == Enrollment.org_id)
        .join(Account, Account.id == Enrollment.admin_account_id)
        .join(Section, (Section.enrollment_id == Enrollment.id) & (Section.kind == SectionKind.A))
        .where(Enrollment.state.not_in(ENDED) | (Enrollment.id == ended))
        .order_by(Enrollment.created_at, Enrollment.id)
    )


def _similar(row: Row[Any], likeness: Likeness) -> Similar:
    return Similar(row.id, row.reference, row.name, row.created_at, likeness)
