"""The sections of an enrollment: saved bit by bit, completed for signing, opened again (E2, E3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.agreement import SIGNERS, signed_text, signer_name, text_hash
from models.domain.enrollment.answers import check_answers, merge_answers, missing_answers
from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.kinds import LinkPurpose, Outcome, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentAction, SectionKind, SectionState, SignerRole
from models.domain.records.answers import unfit_answers
from models.domain.records.values import Answers
from models.queries.enrollment.reference import agreement
from models.queries.records.choices import choices
from models.store.core.act import Act
from models.store.core.links import revoke_links
from models.store.enrollment.rows import (
    audit_enrollment,
    lock_section,
    sections_of,
    set_section_state,
    settle,
    tell_changed,
)
from models.store.organizations.locations import rename_location, rename_organization
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature
from models.tables.identity.accounts import Account

COMPLETE = (SectionState.AWAITING_SIGNATURE, SectionState.SIGNED)


def save_answers(act: Act, *, section_id: UUID, version: int, answers: Mapping[str, object]) -> int:
    """Save some answers of a section; returns its new version. What is not among `answers` stays.

    Every answer given must be right and fit the others of its page, none must be there yet. Changing a
    complete section lets its signatures die and brings it back to draft. Refused: `stale_version`, carrying
    the `current` answers and the `version`, and every wrong answer on its field.
    """
    enrollment, section = lock_section(act, section_id, EnrollmentAction.SAVE_ANSWERS)
    checked = check_answers(SectionKind(section.kind), answers, choices())
    check_version(section, version)
    merged = merge_answers(section.answers, checked)
    _check_fit(section, merged, checked)
    changed = sorted(name for name in checked if merged.get(name) != section.answers.get(name))
    was_complete = section.state in COMPLETE
    if changed:
        section.answers = merged
        section.version += 1
        if was_complete:
            bring_back(act.session, section)
    audit_enrollment(act, enrollment, "section.save", section=section, detail={"fields": changed})
    if changed and was_complete:
        tell_changed(act, enrollment)
    return section.version


def complete_section(act: Act, *, section_id: UUID, version: int) -> None:
    """Declare a section complete: its text is fixed and its signers are asked.

    Refused: everything that is missing or does not fit together, each on its field, and `stale_version`.
    """
    enrollment, section = lock_section(act, section_id, EnrollmentAction.COMPLETE_SECTION)
    check_version(section, version)
    check_complete(act.session, section)
    set_section_state(section, SectionState.AWAITING_SIGNATURE)
    _keep_names(act.session, section)
    for role in SIGNERS[SectionKind(section.kind)]:
        ask_signature(act.session, enrollment, section, role)
    audit_enrollment(act, enrollment, "section.complete", section=section)
    settle(act, enrollment, TaskKind.COMPLETE_SECTION, section.id, Outcome.COMPLETED)


def reopen_section(act: Act, *, section_id: UUID) -> None:
    """Open a complete section again; its signatures, asked for or given, die."""
    enrollment, section = lock_section(act, section_id, EnrollmentAction.REOPEN_SECTION)
    bring_back(act.session, section)
    audit_enrollment(act, enrollment, "section.reopen", section=section)
    tell_changed(act, enrollment)


def check_version(section: Section, version: int) -> None:
    """Refuse (`stale_version`) what was typed over an older version of the section."""
    if section.version != version:
        message = "Someone changed this while you were looking at it. Check it and try again."
        raise RuleViolation("stale_version", message, None, current=dict(section.answers), version=section.version)


def check_complete(session: Session, section: Section) -> None:
    """Refuse what keeps a section from being complete."""
    listed = len(sections_of(session, section.enrollment_id, SectionKind.B))
    refuse(missing_answers(SectionKind(section.kind), section.answers, choices=choices(), listed_locations=listed))


def _check_fit(section: Section, merged: Answers, given: Collection[str]) -> None:
    """Refuse what was given now and does not fit; what was saved before is told when the section is completed."""
    unfit = unfit_answers(SECTIONS[SectionKind(section.kind)].rules, merged, choices())
    refuse([problem for problem in unfit if problem.field in given])


def ask_signature(session: Session, enrollment: Enrollment, section: Section, role: SignerRole) -> Signature:
    """A request to sign the section's present text; the process mails the link."""
    text = signed_text(
        section=SectionKind(section.kind),
        signer=role,
        answers=section.answers,
        version=agreement("en").version,
        reference=enrollment.reference,
    )
    signature = Signature(
        id=uuid4(),
        section_id=section.id,
        enrollment_id=enrollment.id,
        org_id=enrollment.org_id,
        role=role,
        name=signer_name(role, section.answers),
        email=_signer_email(section, role),
        language=_signer_language(session, enrollment, section, role),
        text=text,
        text_hash=text_hash(text),
    )
    session.add(signature)
    session.flush()
    return signature


def bring_back(session: Session, section: Section) -> None:
    """Bring a complete section back to draft; its signatures die."""
    supersede_signatures(session, section)
    section.turn += 1
    set_section_state(section, SectionState.DRAFT)


def bring_back_section_a(session: Session, enrollment: Enrollment) -> None:
    """Bring section A back to draft where it is complete, because the list of locations changed."""
    for section in sections_of(session, enrollment.id, SectionKind.A):
        if section.state in COMPLETE:
            bring_back(session, section)


def supersede_signatures(session: Session, section: Section, role: SignerRole | None = None) -> None:
    """Let the signatures of a section die, asked for or given, or those of one signer, with their links."""
    statement = (
        update(Signature)
        .where(Signature.section_id == section.id, Signature.superseded_at.is_(None))
        .values(superseded_at=func.db_now())
        .returning(Signature.id)
    )
    if role is not None:
        statement = statement.where(Signature.role == role)
    for signature_id in session.execute(statement).scalars().all():
        revoke_links(session, purpose=LinkPurpose.SIGN_SECTION, subject_id=signature_id)


def _keep_names(session: Session, section: Section) -> None:
    """The names that everybody sees follow the answers."""
    if section.location_id is None:
        rename_organization(session, org_id=section.org_id, name=str(section.answers["legal_name"]))
    else:
        rename_location(session, location_id=section.location_id, name=str(section.answers["location_name"]))


def _signer_email(section: Section, role: SignerRole) -> str:
    """The address of a signer; a coordinator signs under the one that accepted the invitation."""
    if role is SignerRole.COORDINATOR:
        return section.coordinator_email or ""
    return str(section.answers[f"{role.value}_email"])


def _signer_language(session: Session, enrollment: Enrollment, section: Section, role: SignerRole) -> str:
    chosen = section.answers.get(f"{role.value}_language")
    if chosen:
        return str(chosen)
    account_id = section.coordinator_account_id or enrollment.admin_account_id
    return session.execute(select(Account.language).where(Account.id == account_id)).scalar_one()
