"""The mails of an enrollment: which template, to whom, in which language, with which link."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.enrollment.declares import LinkPurpose
from models.queries.core.program import setting
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.links import issue_link
from models.store.core.messages import queue_message
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature
from models.tables.identity.accounts import Account
from models.tables.organizations.locations import Location, Organization


def mail_coordinator_link(act: Act, enrollment: Enrollment, section: Section, *, template: str) -> None:
    """Invite or remind a coordinator who has not joined, with a fresh link; the older one dies."""
    address = section.coordinator_email or ""
    token = issue_link(
        act.session,
        purpose=LinkPurpose.JOIN_LOCATION,
        subject_id=section.id,
        address=address,
        lifetime=_days(act.session, "invitation_link_days"),
    )
    _queue(
        act,
        enrollment,
        template,
        to=(address, section.coordinator_language, None),
        params={"name": section.coordinator_name or "", "location": location_name(act.session, section)},
        secret_path=f"/enrollment/join/{token}?lang={section.coordinator_language}",
    )


def mail_signer_link(act: Act, enrollment: Enrollment, signature: Signature, *, template: str) -> None:
    """Ask or remind a signer, with a fresh link; the older one dies."""
    token = issue_link(
        act.session,
        purpose=LinkPurpose.SIGN_SECTION,
        subject_id=signature.id,
        address=signature.email,
        lifetime=_days(act.session, "invitation_link_days"),
    )
    section = act.session.get_one(Section, signature.section_id)
    _queue(
        act,
        enrollment,
        template,
        to=(signature.email, signature.language, None),
        params={"name": signature.name, "location": location_name(act.session, section)},
        secret_path=f"/enrollment/sign/{token}?lang={signature.language}",
    )


def mail_administrator(
    act: Act, enrollment: Enrollment, *, template: str, params: dict[str, str] | None = None
) -> None:
    """Mail the organization's administrator about the enrollment."""
    mail_account(act, enrollment, enrollment.admin_account_id, template=template, params=params)


def mail_account(
    act: Act, enrollment: Enrollment, account_id: UUID, *, template: str, params: dict[str, str] | None = None
) -> None:
    """Mail somebody with an account, in the account's language."""
    account = act.session.get_one(Account, account_id)
    _queue(
        act,
        enrollment,
        template,
        to=(account.email, account.language, account.id),
        params={"name": account.name, **(params or {})},
    )


def mail_coordinator(act: Act, enrollment: Enrollment, section: Section, *, template: str) -> None:
    """Tell a coordinator, joined or not, how it went; without a link."""
    _queue(
        act,
        enrollment,
        template,
        to=(section.coordinator_email or "", section.coordinator_language, section.coordinator_account_id),
        params={"name": section.coordinator_name or "", "location": location_name(act.session, section)},
    )


def mail_signer(act: Act, enrollment: Enrollment, signature: Signature, *, template: str) -> None:
    """Tell a signer how it went; without a link, since signers have no account."""
    _queue(act, enrollment, template, to=(signature.email, signature.language, None), params={"name": signature.name})


def account_language(session: Session, account_id: UUID) -> str:
    """The language in which an account gets its mails."""
    return session.get_one(Account, account_id).language


def location_name(session: Session, section: Section) -> str:
    """What a section is about, for the eye: the location's name, or the organization's for section A."""
    if section.location_id is None:
        return organization_name(session, section.org_id)
    return session.get_one(Location, section.location_id).name


def organization_name(session: Session, org_id: UUID) -> str:
    return session.get_one(Organization, org_id).name


def _days(session: Session, name: str) -> timedelta:
    return timedelta(days=setting(session, name, db_now(session)))


def _queue(
    act: Act,
    enrollment: Enrollment,
    template: str,
    *,
    to: tuple[str, str, UUID | None],
    params: dict[str, str],
    secret_path: str | None = None,
) -> None:
    address, language, account_id = to
    known = {
        "organization": organization_name(act.session, enrollment.org_id),
        "reference": enrollment.reference,
        **({} if secret_path else {"path": f"/enrollment/{enrollment.id}"}),
    }
    queue_message(
        act,
        template=template,
        to_address=address,
        language=language,
        params={**known, **params},
        secret_params={"path": secret_path} if secret_path else None,
        account_id=account_id,
        org_id=enrollment.org_id,
        entity_id=enrollment.id,
    )
