"""Beginning an enrollment (E1): a wish by mail, and its confirmation, which opens the enrollment."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.domain.core.identifiers import enrollment_reference
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.answers import check_form, check_language
from models.domain.enrollment.fields import START_FIELDS
from models.domain.enrollment.kinds import LinkPurpose, ProcessKind
from models.domain.enrollment.lifecycle import SectionKind, SectionState
from models.domain.identity.lockout import Braked
from models.queries.core.program import setting
from models.queries.enrollment.similar import similar_to
from models.queries.identity.accounts import find_account, find_account_by_email
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.clock import db_now
from models.store.core.links import revoke_links
from models.store.core.mail.sending import About, FreshLink, Recipient, send
from models.store.core.processes import start_process
from models.store.enrollment.rows import audit_enrollment
from models.store.identity.attempts import BRAKED
from models.store.identity.grants import grant_role
from models.store.organizations.locations import create_organization
from models.tables.enrollment.lifecycle import Enrollment, EnrollmentStart, Section

HOUR = timedelta(hours=1)
STARTS_AN_HOUR = 5
"""So many mails an hour to one address, whoever asks for them."""
CONFIRMATION_DAYS = "confirmation_link_days"


def begin_enrollment(act: Act, *, organization_name: str, name: str, email: str, language: str) -> UUID:
    """Keep the wish to enroll and mail the link that confirms it; returns the id of the wish.

    The links of older wishes of the same address end: whoever goes back and sends the form again gets one enrollment.
    The page answers alike whether the address has an account or not: only the mail says so. Refused:
    what is missing or wrong (on its field), and the sixth within an hour (`Braked`).
    """
    given = check_form(START_FIELDS, {"organization_name": organization_name, "name": name, "email": email})
    start = EnrollmentStart(id=uuid4(), language=check_language(language), **given)
    _brake(act.session, start.email)
    _end_older_wishes(act.session, start)
    act.session.add(start)
    act.session.flush()
    record(act, action="enrollment.begin", object_type="enrollment_start", object_id=start.id)
    _mail_confirmation(act, start)
    return start.id


def confirm_enrollment(act: Act, *, start_id: UUID, account_id: UUID, separate: bool) -> UUID:
    """Open the enrollment of a confirmed wish, with the account as the organization's administrator.

    The page uses the link up in the same transaction. Confirming again gives the same enrollment.
    Refused: `start_unknown`, `other_account` when the account has another address than the wish, and
    `organization_known` (on `separate`) when it may be an organization that has applied, until somebody says
    with `separate` that it is another one.
    """
    start = act.session.get(EnrollmentStart, start_id, with_for_update=True, populate_existing=True)
    if start is None:
        raise RuleViolation("start_unknown", "There is no such enrollment.")
    check_address(act.session, account_id, start.email)
    if start.enrollment_id is None:
        if not separate and similar_to(act.session, name=start.organization_name, email=start.email):
            message = "Say whether this is another organization than the one that has applied."
            raise RuleViolation("organization_known", message, "separate")
        start.enrollment_id = _open_enrollment(act, start, account_id)
    return start.enrollment_id


def check_address(session: Session, account_id: UUID, email: str) -> None:
    """Refuse (`other_account`) an account that does not have the address to which a link was sent."""
    account = find_account(session, account_id)
    owner = find_account_by_email(session, email)
    if account is None or owner is None or owner.account_id != account.account_id:
        raise RuleViolation("other_account", f"Sign in with the account of {email} to go on.", None, email=email)


def _open_enrollment(act: Act, start: EnrollmentStart, account_id: UUID) -> UUID:
    org_id = create_organization(act, name=start.organization_name)
    enrollment = Enrollment(
        id=uuid4(), org_id=org_id, reference=_free_reference(act.session), admin_account_id=account_id
    )
    act.session.add(enrollment)
    act.session.flush()
    answers = {"legal_name": start.organization_name}
    act.session.add(
        Section(
            enrollment_id=enrollment.id, org_id=org_id, kind=SectionKind.A, state=SectionState.DRAFT, answers=answers
        )
    )
    grant_role(
        act.by_actor(SYSTEM),
        account_id=account_id,
        role=Role.ORG,
        scope_type=ScopeType.ORGANIZATION,
        scope_id=org_id,
        org_id=org_id,
        because="enrollment confirmed",
    )
    audit_enrollment(act, enrollment, "enrollment.confirm")
    start_process(act, kind=ProcessKind.PROVIDER_ENROLLMENT, entity_id=enrollment.id, org_id=org_id)
    return enrollment.id


def _end_older_wishes(session: Session, start: EnrollmentStart) -> None:
    older = select(EnrollmentStart.id).where(
        EnrollmentStart.email == start.email, EnrollmentStart.enrollment_id.is_(None), EnrollmentStart.id != start.id
    )
    for start_id in session.execute(older).scalars().all():
        revoke_links(session, purpose=LinkPurpose.CONFIRM_ENROLLMENT, subject_id=start_id)


def _brake(session: Session, email: str) -> None:
    """The last mails to one address, however they were asked for; raises `Braked`."""
    now = db_now(session)
    lately = (EnrollmentStart.email == email, EnrollmentStart.created_at > now - HOUR)
    newest_first = select(EnrollmentStart.created_at).where(*lately).order_by(EnrollmentStart.created_at.desc())
    full_since = session.execute(newest_first.offset(STARTS_AN_HOUR - 1).limit(1)).scalar_one_or_none()
    if full_since is not None:
        raise Braked("braked_subject", BRAKED["braked_subject"], full_since + HOUR - now)


def _mail_confirmation(act: Act, start: EnrollmentStart) -> None:
    """Mail the link. Nothing that was typed goes into it: whoever typed it may write to anybody's address."""
    known = find_account_by_email(act.session, start.email)
    send(
        act,
        "confirm_enrollment_known" if known else "confirm_enrollment",
        to=Recipient(start.email, "", start.language, known.account_id if known else None),
        about=About(start.id),
        link=FreshLink(
            LinkPurpose.CONFIRM_ENROLLMENT, start.id, "/enrollment/confirm", lifetime_setting=CONFIRMATION_DAYS
        ),
        days=setting(act.session, CONFIRMATION_DAYS, act.now),
    )


def _free_reference(session: Session) -> str:
    """A reference that no enrollment has; the constraint stands behind it."""
    while True:
        reference = enrollment_reference(secrets.randbelow)
        if session.execute(select(Enrollment.id).where(Enrollment.reference == reference)).first() is None:
            return reference
