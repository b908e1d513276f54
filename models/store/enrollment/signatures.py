"""Signing the sections of an enrollment by links bound to signer and text (E4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.agreement import check_typed_name
from models.domain.enrollment.answers import check_answers, merge_answers
from models.domain.enrollment.declares import INVITATIONS
from models.domain.enrollment.fields import own_fields
from models.domain.enrollment.kinds import LinkPurpose, Outcome, TaskKind
from models.domain.enrollment.lifecycle import (
    EnrollmentAction,
    SectionKind,
    SectionState,
    SignerRole,
)
from models.queries.core.mail.undeliverable import undeliverable_links
from models.queries.core.program import setting
from models.queries.records.choices import choices
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.lifecycle import check_may
from models.store.core.links import revoke_links
from models.store.core.mail.sending import send
from models.store.core.tasks import decide_task, lock_live_task
from models.store.enrollment.locations import join_self
from models.store.enrollment.mail import about, ask_to_sign, coordinator, join_link, unsigned_beside
from models.store.enrollment.rows import (
    audit_enrollment,
    lock_enrollment,
    lock_section,
    lock_signature,
    set_section_state,
    settle,
    signatures_of,
    tell_changed,
)
from models.store.enrollment.sections import ask_signature, check_complete, supersede_signatures
from models.tables.core.links import Link
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature


def sign_together(act: Act, *, texts: Mapping[UUID, str], typed_name: str) -> None:
    """Give all the signatures that one person was shown on one page: each signature's id with the hash of its text.

    Refused as `sign_section` refuses each, and `other_text` when they are not one person's.
    """
    first = act.session.get(Signature, next(iter(texts)))
    own = {one.id for one in unsigned_beside(act.session, first)} if first else set()
    if not set(texts) <= own and len(texts) > 1:
        raise RuleViolation("other_text", "The text has changed. Read it again before you sign.")
    for number, (signature_id, shown) in enumerate(texts.items()):
        sign_section(
            act.part(number) if number else act, signature_id=signature_id, text_hash=shown, typed_name=typed_name
        )


def sign_section(act: Act, *, signature_id: UUID, text_hash: str, typed_name: str) -> None:
    """Give a signature; with the last one the section is signed. The page uses the link up beside it.

    Refused: `other_text` when the signer was shown another text, `other_name` (on `typed_name`),
    `signature_superseded`, `already_signed`.
    """
    enrollment, section, signature = lock_signature(act, signature_id, EnrollmentAction.SIGN_SECTION)
    if text_hash != signature.text_hash:
        raise RuleViolation("other_text", "The text has changed. Read it again before you sign.")
    signature.signed_name = check_typed_name(typed_name, signature.name)
    signature.signed_at = func.db_now()
    act.session.flush()
    revoke_links(act.session, purpose=LinkPurpose.SIGN_SECTION, subject_id=signature.id)
    open_ones = [one for one in signatures_of(act.session, enrollment.id) if one.section_id == section.id]
    if all(one.signed_at for one in open_ones):
        set_section_state(section, SectionState.SIGNED)
    audit_enrollment(
        act,
        enrollment,
        "section.sign",
        section=section,
        detail={"signature": str(signature.id), "role": signature.role, "text_hash": text_hash},
    )
    settle(act, enrollment, TaskKind.SIGN_SECTION, signature.id, Outcome.SIGNED)


def replace_signer(act: Act, *, signature_id: UUID, answers: Mapping[str, object]) -> UUID:
    """Name another chief officer while the signature is awaited; returns the id of the new signature.

    `answers` hold that officer's own fields. The other officer's signature stays, since its text does
    not hold them. A coordinator is replaced by `change_location`.
    """
    enrollment, section, signature = lock_signature(act, signature_id, EnrollmentAction.REPLACE_SIGNER)
    role = SignerRole(signature.role)
    allowed = {field.name for field in own_fields(role)}
    if not allowed or set(answers) - allowed:
        raise RuleViolation("other_fields", "You can only change this signer's fields here.")
    changes = check_answers(SectionKind(section.kind), answers, choices())
    section.answers = merge_answers(section.answers, changes)
    section.version += 1
    check_complete(act.session, section)
    supersede_signatures(act.session, section, role)
    asked = ask_signature(act.session, enrollment, section, role)
    audit_enrollment(
        act,
        enrollment,
        "signer.replace",
        section=section,
        detail={"role": role, "signature": str(asked.id), "instead_of": str(signature.id)},
    )
    settle(act, enrollment, TaskKind.NAME_ANOTHER_SIGNER, signature.id, Outcome.REPLACED)
    return asked.id


def keep_signer(act: Act, *, task_id: UUID) -> None:
    """Decide to wait for the same signer or coordinator: the chase begins again with a fresh link."""
    task = act.session.get(Task, task_id)
    if task is None or task.kind != TaskKind.NAME_ANOTHER_SIGNER:
        raise RuleViolation("task_unknown", "There is no such task.")
    enrollment = lock_enrollment(act, task.entity_id, EnrollmentAction.KEEP_SIGNER)
    task = lock_live_task(act, task_id=task_id, version=None)
    kept = act.session.get(Signature, task.subject_id) or act.session.get_one(Section, task.subject_id)
    kept.chase += 1
    audit_enrollment(act, enrollment, "signer.keep", detail={"subject": str(task.subject_id)})
    decide_task(act, task=task, outcome=Outcome.KEPT)


def resend_signature_link(act: Act, *, signature_id: UUID) -> None:
    """Mail a signer a fresh link to the address on record; refused (`sent_just_now`) when one went out just now."""
    enrollment, _section, signature = lock_signature(act, signature_id, EnrollmentAction.SIGN_SECTION)
    check_may(act, enrollment, EnrollmentAction.RESEND_LINK)
    group = unsigned_beside(act.session, signature)
    _brake(act.session, LinkPurpose.SIGN_SECTION, group[0].id)
    dead = _is_dead(act.session, enrollment, group[0].id)
    ask_to_sign(act, enrollment, group, "sign_section")
    _audit_resend(act, enrollment, group[0].id)
    if dead:
        tell_changed(act, enrollment)


def resend_invitation(act: Act, *, section_id: UUID) -> None:
    """Mail a coordinator who has not joined a fresh invitation; refused as above. Whoever would mail herself joins."""
    enrollment, section = lock_section(act, section_id, EnrollmentAction.JOIN_LOCATION)
    if join_self(act, enrollment, section):
        return
    _brake(act.session, LinkPurpose.JOIN_LOCATION, section.id)
    dead = _is_dead(act.session, enrollment, section.id)
    subject = about(act.session, enrollment, section)
    send(act, "join_location", to=coordinator(section), about=subject, link=join_link(section))
    _audit_resend(act, enrollment, section.id)
    if dead:
        tell_changed(act, enrollment)


def _is_dead(session: Session, enrollment: Enrollment, subject_id: UUID) -> bool:
    """Whether the last link did not arrive. Then there is a task, needless from the next link on."""
    return bool(undeliverable_links(session, entity_id=enrollment.id, purposes=INVITATIONS, subject_ids=[subject_id]))


def _brake(session: Session, purpose: LinkPurpose, subject_id: UUID) -> None:
    now = db_now(session)
    minutes = setting(session, "resend_minutes", now)
    recent = select(Link.id).where(Link.purpose == purpose, Link.subject_id == subject_id)
    if session.execute(recent.where(Link.created_at > now - timedelta(minutes=minutes))).first():
        message = f"We sent a link just now. Wait {minutes} minutes before you ask for another one."
        raise RuleViolation("sent_just_now", message, None, minutes=minutes)


def _audit_resend(act: Act, enrollment: Enrollment, subject_id: UUID) -> None:
    audit_enrollment(act, enrollment, "link.resend", detail={"subject": str(subject_id)})
