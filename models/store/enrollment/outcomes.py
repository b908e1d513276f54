"""What the process does after a decision: send back, activate, deny, clear away (E9, E11, E12).

Each does its work only while the facts still ask for it, so repeating it changes nothing.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role, ScopeType
from models.domain.enrollment.declares import LinkPurpose, Outcome
from models.domain.enrollment.lifecycle import EnrollmentState, NextStep, SectionKind, SectionState
from models.queries.enrollment.process import next_step_of, step_of
from models.store.core.act import Act
from models.store.core.links import revoke_links
from models.store.enrollment.gathering import withdraw_others
from models.store.enrollment.locations import end_coordinator
from models.store.enrollment.mail import location_name, mail_account, mail_administrator, mail_coordinator, mail_signer
from models.store.enrollment.rows import audit_enrollment, lock_enrollment, sections_of, signatures_of
from models.store.enrollment.sections import bring_back
from models.store.identity.grants import grant_role
from models.store.organizations.locations import activate_location, close_location, set_organization_status
from models.tables.enrollment.lifecycle import Decision, Enrollment, ReturnNote, Section
from models.tables.organizations.locations import OrganizationStatus


def send_back(act: Act, *, enrollment_id: UUID) -> NextStep:
    """Return the enrollment for correction: sections with notes come back to draft, the others stay signed."""
    enrollment = _asked(act.session, enrollment_id, NextStep.SEND_BACK)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/returned/{enrollment.submission}"
        withdraw_others(act, enrollment)
        for section in _noted_sections(act.session, enrollment):
            bring_back(act.session, section)
            _tell_coordinator(act.because(f"{key}/{section.id}"), enrollment, section, "section_returned")
        enrollment.state, enrollment.state_since = EnrollmentState.RETURNED, act.now
        enrollment.submission += 1
        enrollment.submitted_at = enrollment.review_due_at = None
        audit_enrollment(act.because(key), enrollment, "enrollment.send_back")
        mail_administrator(act.because(f"{key}/mail"), enrollment, template="enrollment_returned")
        act.session.flush()
    return next_step_of(act.session, enrollment_id)


def activate_provider(act: Act, *, enrollment_id: UUID) -> NextStep:
    """Make the organization and its locations active, and each coordinator the location's manager."""
    enrollment = _asked(act.session, enrollment_id, NextStep.ACTIVATE)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/approved"
        _finish(act.because(key), enrollment, EnrollmentState.APPROVED, OrganizationStatus.ACTIVE)
        for section in sections_of(act.session, enrollment.id, SectionKind.B):
            _activate(act.because(f"{key}/{section.id}"), enrollment, section)
        mail_administrator(act.because(f"{key}/mail"), enrollment, template="enrollment_approved")
        _tell_officers(act.because(key), enrollment, "enrollment_approved_officer")
        act.session.flush()
    return next_step_of(act.session, enrollment_id)


def deny_enrollment(act: Act, *, enrollment_id: UUID) -> NextStep:
    """Deny the enrollment: its locations are closed, the administrator keeps the right to read why."""
    enrollment = _asked(act.session, enrollment_id, NextStep.DENY)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/denied"
        _finish(act.because(key), enrollment, EnrollmentState.DENIED, OrganizationStatus.DENIED)
        _close_everything(act.because(key), enrollment, "enrollment_denied_coordinator")
        mail_administrator(act.because(f"{key}/mail"), enrollment, template="enrollment_denied")
        _tell_officers(act.because(key), enrollment, "enrollment_denied_officer")
        act.session.flush()
    return next_step_of(act.session, enrollment_id)


def clear_away(act: Act, *, enrollment_id: UUID) -> NextStep:
    """After the applicant withdrew: nobody is asked for anything any more, and everybody concerned is told."""
    enrollment = _asked(act.session, enrollment_id, NextStep.CLEAR_AWAY)
    if enrollment is not None:
        key = f"enrollment/{enrollment.id}/withdrawn"
        _finish(act.because(key), enrollment, EnrollmentState.WITHDRAWN, OrganizationStatus.WITHDRAWN)
        enrollment.cleared_at = act.now
        _close_everything(act.because(key), enrollment, "enrollment_withdrawn_coordinator")
        mail_administrator(act.because(f"{key}/mail"), enrollment, template="enrollment_withdrawn")
        _tell_officers(act.because(key), enrollment, "enrollment_withdrawn_officer")
        act.session.flush()
    return next_step_of(act.session, enrollment_id)


def _asked(session: Session, enrollment_id: UUID, step: NextStep) -> Enrollment | None:
    """The enrollment, locked, where the facts ask for this step; None where it was done before."""
    enrollment = lock_enrollment(session, enrollment_id)
    return enrollment if step_of(session, enrollment) is step else None


def _finish(act: Act, enrollment: Enrollment, state: EnrollmentState, status: OrganizationStatus) -> None:
    withdraw_others(act, enrollment)
    if enrollment.state != state:
        enrollment.state, enrollment.state_since = state, act.now
    enrollment.decided_at = act.now
    set_organization_status(act, org_id=enrollment.org_id, status=status)
    audit_enrollment(act, enrollment, f"enrollment.end_{state}")


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


def _activate(act: Act, enrollment: Enrollment, section: Section) -> None:
    assert section.location_id is not None
    pin = activate_location(act, location_id=section.location_id)
    end_coordinator(act, section, because="enrollment approved")
    if section.coordinator_account_id is None:
        return
    grant_role(
        act,
        account_id=section.coordinator_account_id,
        role=Role.LOC,
        scope_type=ScopeType.LOCATION,
        scope_id=section.location_id,
        org_id=section.org_id,
        because="enrollment approved",
    )
    mail_account(
        act.part("mail"),
        enrollment,
        section.coordinator_account_id,
        template="location_active",
        params={"location": location_name(act.session, section), "pin": pin},
    )


def _close_everything(act: Act, enrollment: Enrollment, template: str) -> None:
    """Let every link die, end the coordinators' roles, close the locations, tell the coordinators."""
    for signature in signatures_of(act.session, enrollment.id):
        revoke_links(act.session, purpose=LinkPurpose.SIGN_SECTION, subject_id=signature.id)
    for section in sections_of(act.session, enrollment.id, SectionKind.B):
        assert section.location_id is not None
        key = f"{act.cause_key}/{section.id}"
        end_coordinator(act.because(key), section, because="enrollment ended")
        close_location(act.because(key), location_id=section.location_id)
        mail_coordinator(act.because(f"{key}/mail"), enrollment, section, template=template)


def _tell_coordinator(act: Act, enrollment: Enrollment, section: Section, template: str) -> None:
    if section.coordinator_account_id is not None:
        mail_account(
            act,
            enrollment,
            section.coordinator_account_id,
            template=template,
            params={"location": location_name(act.session, section)},
        )


def _tell_officers(act: Act, enrollment: Enrollment, template: str) -> None:
    """Tell the two officers, and one who is both only once."""
    told: set[str] = set()
    for signature in signatures_of(act.session, enrollment.id):
        section = act.session.get_one(Section, signature.section_id)
        if section.kind != SectionKind.A or signature.email in told:
            continue
        told.add(signature.email)
        key = f"{act.cause_key}/{signature.role}"
        mail_signer(act.because(key), enrollment, signature, template=template)
