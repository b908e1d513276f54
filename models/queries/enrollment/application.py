"""Reading an enrollment as the people of the organization see it; its sections are read by enrollment_sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from models.domain.core.permissions import Reach
from models.domain.core.tasks import LIVE
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind, SectionState, SignerRole
from models.queries.enrollment.sections import SectionSeen, read_sections
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Decision, Enrollment, Section, Signature
from models.tables.identity.accounts import Account
from models.tables.organizations.locations import Organization


@dataclass(frozen=True, slots=True)
class EnrollmentRow:
    """An enrollment in a list."""

    enrollment_id: UUID
    reference: str
    organization: str
    state: EnrollmentState
    state_since: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """An enrollment as its people see it. `whole` is False for a coordinator, who sees only the own section.

    `reason` is what the last decision said; `held_since` when a reviewer took it into hand; `admin` who
    looks after it at the organization; `now` the database's time.
    """

    enrollment_id: UUID
    reference: str
    organization: str
    state: EnrollmentState
    state_since: datetime
    submission: int
    submitted_at: datetime | None
    review_due_at: datetime | None
    decided_at: datetime | None
    admin: str
    reason: str | None
    held_since: datetime | None
    whole: bool
    now: datetime
    sections: tuple[SectionSeen, ...]

    @property
    def section_a(self) -> SectionSeen | None:
        return next((section for section in self.sections if section.kind is SectionKind.A), None)

    @property
    def locations(self) -> tuple[SectionSeen, ...]:
        return tuple(section for section in self.sections if section.kind is SectionKind.B)

    @property
    def all_signed(self) -> bool:
        return bool(self.locations) and all(section.state is SectionState.SIGNED for section in self.sections)


def enrollments_within(session: Session, reach: Reach) -> tuple[EnrollmentRow, ...]:
    """The enrollments within reach, those that changed last first."""
    statement = (
        select(Enrollment, Organization.name.label("organization"))
        .join(Organization, Organization.id == Enrollment.org_id)
        .where(_enrollment_within(reach))
        .order_by(Enrollment.state_since.desc(), Enrollment.id)
    )
    return tuple(_row(found) for found in session.execute(statement))


def find_application(session: Session, enrollment_id: UUID, reach: Reach) -> Application | None:
    """The enrollment with those of its sections that are within reach; None when nothing of it is."""
    statement = (
        select(
            Enrollment,
            Organization.name.label("organization"),
            Account.name.label("admin"),
            func.db_now().label("now"),
        )
        .join(Organization, Organization.id == Enrollment.org_id)
        .join(Account, Account.id == Enrollment.admin_account_id)
        .where(Enrollment.id == enrollment_id, _enrollment_within(reach))
    )
    found = session.execute(statement).one_or_none()
    return _application(session, found, reach) if found else None


def _application(session: Session, found: Row[Enrollment, str, str, datetime], reach: Reach) -> Application:
    enrollment = found[0]
    last, whole = _last_decision(session, enrollment), reach.everything or enrollment.org_id in reach.organizations
    return Application(
        enrollment_id=enrollment.id,
        reference=enrollment.reference,
        organization=found[1],
        state=EnrollmentState(enrollment.state),
        state_since=enrollment.state_since,
        submission=enrollment.submission,
        submitted_at=enrollment.submitted_at,
        review_due_at=enrollment.review_due_at,
        decided_at=enrollment.decided_at,
        admin=found[2],
        reason=last.reason if last else None,
        held_since=_held_since(session, enrollment.id),
        whole=whole,
        now=found[3],
        sections=read_sections(session, enrollment, last, within=None if whole else reach.locations),
    )


def _enrollment_within(reach: Reach) -> ColumnElement[bool]:
    if reach.everything:
        return true()
    own_section = exists().where(
        Section.enrollment_id == Enrollment.id,
        Section.location_id.in_(reach.locations),
        Section.removed_at.is_(None),
    )
    return or_(Enrollment.org_id.in_(reach.organizations), own_section if reach.locations else false())


def _held_since(session: Session, enrollment_id: UUID) -> datetime | None:
    statement = select(func.max(Task.claimed_at)).where(
        Task.entity_id == enrollment_id,
        Task.kind.in_((TaskKind.REVIEW_ENROLLMENT, TaskKind.APPROVE_ENROLLMENT)),
        Task.status.in_(LIVE),
        Task.assignee_id.is_not(None),
    )
    return session.execute(statement).scalar_one_or_none()


def _last_decision(session: Session, enrollment: Enrollment) -> Decision | None:
    statement = (
        select(Decision)
        .where(Decision.enrollment_id == enrollment.id)
        .order_by(Decision.decided_at.desc(), Decision.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def _row(found: Row[Enrollment, str]) -> EnrollmentRow:
    enrollment = found[0]
    return EnrollmentRow(
        enrollment.id, enrollment.reference, found[1], EnrollmentState(enrollment.state), enrollment.state_since
    )


def enrollment_of_section(session: Session, section_id: UUID, reach: Reach) -> UUID | None:
    """The enrollment of a section, also of one that was removed, when that section is within reach."""
    within = or_(Section.org_id.in_(reach.organizations), Section.location_id.in_(reach.locations))
    return session.scalars(select(Section.enrollment_id).where(Section.id == section_id, within)).one_or_none()


def place_of_signature(session: Session, signature_id: UUID, reach: Reach) -> tuple[UUID, SignerRole] | None:
    """The enrollment and the office of a request to sign, also of one that has ended, when it is within reach."""
    statement = select(Signature.enrollment_id, Signature.role).where(
        Signature.id == signature_id, Signature.org_id.in_(reach.organizations)
    )
    found = session.execute(statement).one_or_none()
    return (found[0], SignerRole(found[1])) if found else None


def enrollment_of_task(session: Session, task_id: UUID, reach: Reach) -> UUID | None:
    """The enrollment of a task to name another signer, when its organization is within reach."""
    statement = select(Task.entity_id).where(
        Task.id == task_id, Task.kind == TaskKind.NAME_ANOTHER_SIGNER, Task.org_id.in_(reach.organizations)
    )
    return session.scalars(statement).one_or_none()
