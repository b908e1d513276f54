"""What the process does after a decision: send back, activate, deny, clear away (E9, E11, E12).

Each does its work only while the facts still ask for it, so repeating it changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import Actor
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.tasks import Outcome
from models.domain.enrollment.lifecycle import EnrollmentState, NextStep, SectionKind, SectionState
from models.queries.enrollment.process import next_step_of, step_of
from models.store.core.links import revoke_links
from models.store.enrollment.gathering import withdraw_others
from models.store.enrollment.locations import end_coordinator
from models.store.enrollment.mail import location_name, mail_account, mail_administrator, mail_coordinator, mail_signer
from models.store.enrollment.rows import audit_enrollment, lock_enrollment, sections_of, signatures_of
from models.store.enrollment.sections import bring_back
from models.store.identity.grants import grant_role
from models.store.organizations.locations import activate_location, close_location, set_organization_status
from models.tables.core.links import LinkPurpose
from models.tables.enrollment.lifecycle import Decision, Enrollment, ReturnNote, Section
from models.tables.organizations.locations import OrganizationStatus


def send_back(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Return the enrollment for correction: sections with notes come back to draft, the others stay signed."""
    enrollment = _asked(session, enrollment_id, NextStep.SEND_BACK)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/returned/{enrollment.submission}"
        withdraw_others(session, enrollment, by=by)
        for section in _noted_sections(session, enrollment):
            bring_back(session, section)
            _tell_coordinator(session, enrollment, section, "section_returned", by=by, cause_key=f"{key}/{section.id}")
        enrollment.state, enrollment.state_since = EnrollmentState.RETURNED, as_of
        enrollment.submission += 1
        enrollment.submitted_at = enrollment.review_due_at = None
        audit_enrollment(session, enrollment, "enrollment.send_back", by=by, cause_key=key)
        mail_administrator(session, enrollment, template="enrollment_returned", by=by, cause_key=f"{key}/mail")
        session.flush()
    return next_step_of(session, enrollment_id)


def activate_provider(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Make the organization and its locations active, and each coordinator the location's manager."""
    enrollment = _asked(session, enrollment_id, NextStep.ACTIVATE)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/approved"
        _finish(session, enrollment, EnrollmentState.APPROVED, OrganizationStatus.ACTIVE, as_of, by=by, cause_key=key)
        for section in sections_of(session, enrollment.id, SectionKind.B):
            _activate(session, enrollment, section, by=by, cause_key=f"{key}/{section.id}")
        mail_administrator(session, enrollment, template="enrollment_approved", by=by, cause_key=f"{key}/mail")
        _tell_officers(session, enrollment, "enrollment_approved_officer", by=by, cause_key=key)
        session.flush()
    return next_step_of(session, enrollment_id)


def deny_enrollment(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Deny the enrollment: its locations are closed, the administrator keeps the right to read why."""
    enrollment = _asked(session, enrollment_id, NextStep.DENY)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/denied"
        _finish(session, enrollment, EnrollmentState.DENIED, OrganizationStatus.DENIED, as_of, by=by, cause_key=key)
        _close_everything(session, enrollment, "enrollment_denied_coordinator", by=by, cause_key=key)
        mail_administrator(session, enrollment, template="enrollment_denied", by=by, cause_key=f"{key}/mail")
        _tell_officers(session, enrollment, "enrollment_denied_officer", by=by, cause_key=key)
        session.flush()
    return next_step_of(session, enrollment_id)


def clear_away(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """After the applicant withdrew: nobody is asked for anything any more, and everybody concerned is told."""
    enrollment = _asked(session, enrollment_id, NextStep.CLEAR_AWAY)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/withdrawn"
        _finish(
            session, enrollment, EnrollmentState.WITHDRAWN, OrganizationStatus.WITHDRAWN, as_of, by=by, cause_key=key
        )
        enrollment.cleared_at = as_of
        _close_everything(session, enrollment, "enrollment_withdrawn_coordinator", by=by, cause_key=key)
        mail_administrator(session, enrollment, template="enrollment_withdrawn", by=by, cause_key=f"{key}/mail")
        _tell_officers(session, enrollment, "enrollment_withdrawn_officer", by=by, cause_key=key)
        session.flush()
    return next_step_of(session, enrollment_id)


def _asked(session: Session, enrollment_id: UUID, step: NextStep) -> Enrollment | None:
    """The enrollment, locked, where the facts ask for this step; None where it was done before."""
    enrollment = lock_enrollment(session, enrollment_id)
    return enrollment if step_of(session, enrollment) is step else None


def _finish(
    session: Session,
    enrollment: Enrollment,
    state: EnrollmentState,
    status: OrganizationStatus,
    as_of: datetime,
    *,
    by: Actor,
    cause_key: str,
) -> None:
    withdraw_others(session, enrollment, by=by)
    if enrollment.state != state:
        enrollment.state, enrollment.state_since = state, as_of
    enrollment.decided_at = as_of
    set_organization_status(session, org_id=enrollment.org_id, status=status, by=by, cause_key=cause_key)
    audit_enrollment(session, enrollment, f"enrollment.end_{state}", by=by, cause_key=cause_key)


def _noted_sections(session: Session, enrollment: Enrollment) -> list[Section]:
    noted = (
        select(ReturnNote.section_id)
        .join(Decision, Decision.id == ReturnNote.decision_id)
        .where(Decision.enrollment_id == enrollment.id, Decision.submission == enrollment.submission)
        .where(Decision.outcome == Outcome.RETURNED)
    )
    ids = set(session.execute(noted).scalars())
    return [
        section
        for section in sections_of(session, enrollment.id)
        if section.id in ids and section.state != SectionState.INVITED
    ]


def _activate(session: Session, enrollment: Enrollment, section: Section, *, by: Actor, cause_key: str) -> None:
    assert section.location_id is not None
    pin = activate_location(session, location_id=section.location_id, by=by, cause_key=cause_key)
    end_coordinator(session, section, because="enrollment approved", by=by, cause_key=cause_key)
    if section.coordinator_account_id is None:
        return
    grant_role(
        session,
        account_id=section.coordinator_account_id,
        role=Role.LOC,
        scope_type=ScopeType.LOCATION,
        scope_id=section.location_id,
        org_id=section.org_id,
        because="enrollment approved",
        by=by,
        cause_key=cause_key,
    )
    mail_account(
        session,
        enrollment,
        section.coordinator_account_id,
        template="location_active",
        params={"location": location_name(session, section), "pin": pin},
        by=by,
        cause_key=f"{cause_key}/mail",
    )


def _close_everything(session: Session, enrollment: Enrollment, template: str, *, by: Actor, cause_key: str) -> None:
    """Let every link die, end the coordinators' roles, close the locations, tell the coordinators."""
    for signature in signatures_of(session, enrollment.id):
        revoke_links(session, purpose=LinkPurpose.SIGN_SECTION, subject_id=signature.id)
    for section in sections_of(session, enrollment.id, SectionKind.B):
        assert section.location_id is not None
        key = f"{cause_key}/{section.id}"
        end_coordinator(session, section, because="enrollment ended", by=by, cause_key=key)
        close_location(session, location_id=section.location_id, by=by, cause_key=key)
        mail_coordinator(session, enrollment, section, template=template, by=by, cause_key=f"{key}/mail")


def _tell_coordinator(
    session: Session, enrollment: Enrollment, section: Section, template: str, *, by: Actor, cause_key: str
) -> None:
    if section.coordinator_account_id is not None:
        mail_account(
            session,
            enrollment,
            section.coordinator_account_id,
            template=template,
            params={"location": location_name(session, section)},
            by=by,
            cause_key=cause_key,
        )


def _tell_officers(session: Session, enrollment: Enrollment, template: str, *, by: Actor, cause_key: str) -> None:
    """Tell the two officers, and one who is both only once."""
    told: set[str] = set()
    for signature in signatures_of(session, enrollment.id):
        section = session.get_one(Section, signature.section_id)
        if section.kind != SectionKind.A or signature.email in told:
            continue
        told.add(signature.email)
        key = f"{cause_key}/{signature.role}"
        mail_signer(session, enrollment, signature, template=template, by=by, cause_key=key)
