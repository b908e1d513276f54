"""What the process does after a decision: send back, activate, deny, clear away (E9, E11, E12).

The enrollment is locked, and the facts ask for it: `models.store.enrollment.stages` sees to both.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role, ScopeType
from models.domain.enrollment.kinds import LinkPurpose, Outcome
from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind, SectionState
from models.store.core.act import Act
from models.store.core.asking import keep_in_line
from models.store.core.lifecycle import move
from models.store.core.links import revoke_links
from models.store.core.mail.sending import send
from models.store.enrollment.locations import end_coordinator
from models.store.enrollment.mail import about, coordinator, signer
from models.store.enrollment.rows import audit_enrollment, entity_of, sections_of, signatures_of
from models.store.enrollment.sections import bring_back
from models.store.identity.grants import grant_role
from models.store.organizations.locations import activate_location, close_location, set_organization_status
from models.tables.enrollment.lifecycle import Decision, Enrollment, ReturnNote, Section
from models.tables.identity.accounts import Account
from models.tables.organizations.locations import OrganizationStatus


def send_back(act: Act, enrollment: Enrollment) -> None:
    """Return the enrollment for correction: sections with notes come back to draft, the others stay signed."""
    act = act.because(f"enrollment/{enrollment.id}/returned/{enrollment.submission}")
    keep_in_line(act, entity_of(enrollment), [])
    for section in _noted_sections(act.session, enrollment):
        bring_back(act.session, section)
        if section.coordinator_account_id not in (None, enrollment.admin_account_id):
            subject = about(act.session, enrollment, section)
            send(act.part(section.id), "section_returned", to=section.coordinator_account_id, about=subject)
    enrollment.submission += 1
    enrollment.submitted_at = enrollment.review_due_at = None
    move(act, enrollment, EnrollmentState.RETURNED, audit="send_back")
    _tell_administrator(act, enrollment, "enrollment_returned")


def activate_provider(act: Act, enrollment: Enrollment) -> None:
    """Make the organization and its locations active, and each coordinator the location's manager."""
    act = act.because(f"enrollment/{enrollment.id}/approved")
    _end(act, enrollment, EnrollmentState.APPROVED, OrganizationStatus.ACTIVE)
    for section in sections_of(act.session, enrollment.id, SectionKind.B):
        _activate(act.part(section.id), enrollment, section)
    _tell_administrator(act, enrollment, "enrollment_approved")
    _tell_officers(act, enrollment, "enrollment_approved_officer")


def deny_enrollment(act: Act, enrollment: Enrollment) -> None:
    """Deny the enrollment: its locations are closed, the administrator keeps the right to read why."""
    act = act.because(f"enrollment/{enrollment.id}/denied")
    _end(act, enrollment, EnrollmentState.DENIED, OrganizationStatus.DENIED)
    _close_everything(act, enrollment, "enrollment_denied_coordinator")
    _tell_administrator(act, enrollment, "enrollment_denied")
    _tell_officers(act, enrollment, "enrollment_denied_officer")


def clear_away(act: Act, enrollment: Enrollment) -> None:
    """After the applicant withdrew: nobody is asked for anything any more, and everybody concerned is told."""
    act = act.because(f"enrollment/{enrollment.id}/withdrawn")
    _end(act, enrollment, EnrollmentState.WITHDRAWN, OrganizationStatus.WITHDRAWN)
    enrollment.cleared_at = act.now
    _close_everything(act, enrollment, "enrollment_withdrawn_coordinator")
    _tell_administrator(act, enrollment, "enrollment_withdrawn")
    _tell_officers(act, enrollment, "enrollment_withdrawn_officer")


def _end(act: Act, enrollment: Enrollment, state: EnrollmentState, status: OrganizationStatus) -> None:
    """Nobody has a task any more; withdrawing has moved the enrollment before."""
    keep_in_line(act, entity_of(enrollment), [])
    enrollment.decided_at = act.now
    set_organization_status(act, org_id=enrollment.org_id, status=status)
    if enrollment.state == state:
        audit_enrollment(act, enrollment, f"enrollment.end_{state}")
    else:
        move(act, enrollment, state, audit=f"end_{state}")


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
    subject = about(act.session, enrollment, section)
    send(act.part("mail"), "location_active", to=section.coordinator_account_id, about=subject, pin=pin)


def _close_everything(act: Act, enrollment: Enrollment, template: str) -> None:
    """Let every link die, end the coordinators' roles, close the locations, tell the coordinators.

    An administrator who coordinates a location is told as the administrator.
    """
    own = _administrator(act.session, enrollment)
    for signature in signatures_of(act.session, enrollment.id):
        revoke_links(act.session, purpose=LinkPurpose.SIGN_SECTION, subject_id=signature.id)
    for section in sections_of(act.session, enrollment.id, SectionKind.B):
        assert section.location_id is not None
        part = act.part(section.id)
        end_coordinator(part, section, because="enrollment ended")
        close_location(part, location_id=section.location_id)
        if section.coordinator_email != own:
            send(part.part("mail"), template, to=coordinator(section), about=about(act.session, enrollment, section))


def _tell_administrator(act: Act, enrollment: Enrollment, template: str) -> None:
    send(act.part("mail"), template, to=enrollment.admin_account_id, about=about(act.session, enrollment))


def _tell_officers(act: Act, enrollment: Enrollment, template: str) -> None:
    """Tell the two officers; one who is both, or the administrator, only once."""
    told = {_administrator(act.session, enrollment)}
    for signature in signatures_of(act.session, enrollment.id):
        section = act.session.get_one(Section, signature.section_id)
        if section.kind != SectionKind.A or signature.email in told:
            continue
        told.add(signature.email)
        send(act.part(signature.role), template, to=signer(signature), about=about(act.session, enrollment))


def _administrator(session: Session, enrollment: Enrollment) -> str:
    """The address of whoever looks after an enrollment."""
    return session.get_one(Account, enrollment.admin_account_id).email
