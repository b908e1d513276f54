"""What every change of an enrollment shares: locking its rows in one order, and telling its process."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.tasks import LIVE
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import EventKind, Outcome, ProcessKind, TaskKind
from models.domain.enrollment.lifecycle import (
    EnrollmentAction,
    SectionKind,
    SectionState,
    check_section_allowed,
)
from models.queries.enrollment.process import process_of
from models.store.core.act import Act
from models.store.core.asking import Entity
from models.store.core.audit import record
from models.store.core.lifecycle import check_may
from models.store.core.processes import publish
from models.store.core.tasks import decide_task
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature


def lock_enrollment(act: Act, enrollment_id: UUID, action: EnrollmentAction | None = None) -> Enrollment:
    """Lock an enrollment, and with `action` refuse what its state does not allow, or not to this actor.

    This row is locked before any other of the enrollment, so that two acts on it never wait for each other.
    """
    enrollment = act.session.get(Enrollment, enrollment_id, with_for_update=True, populate_existing=True)
    if enrollment is None:
        raise RuleViolation("enrollment_unknown", "There is no such enrollment.")
    if action is not None:
        check_may(act, enrollment, action)
    return enrollment


def entity_of(enrollment: Enrollment) -> Entity:
    """What the tasks and deadlines of an enrollment belong to."""
    return Entity(ProcessKind.PROVIDER_ENROLLMENT, enrollment.id, enrollment.org_id)


def lock_section(act: Act, section_id: UUID, action: EnrollmentAction) -> tuple[Enrollment, Section]:
    """Lock the enrollment of a section, and refuse what the state of either does not allow."""
    enrollment, section = _locked(act, section_id, action)
    check_section_allowed(action, SectionState(section.state))
    return enrollment, section


def lock_signature(act: Act, signature_id: UUID, action: EnrollmentAction) -> tuple[Enrollment, Section, Signature]:
    """Lock the enrollment of a signature; refused when the signature was given or superseded."""
    statement = select(Signature.section_id).where(Signature.id == signature_id)
    section_id = act.session.execute(statement).scalar_one_or_none()
    if section_id is None:
        raise RuleViolation("signature_unknown", "There is no such signature.")
    enrollment, section = _locked(act, section_id, action)
    signature = act.session.get_one(Signature, signature_id, populate_existing=True)
    if signature.superseded_at is not None:
        raise RuleViolation("signature_superseded", "The answers were changed. A new text will be sent to sign.")
    if signature.signed_at is not None:
        raise RuleViolation("already_signed", "This is already signed.")
    check_section_allowed(action, SectionState(section.state))
    return enrollment, section, signature


def _locked(act: Act, section_id: UUID, action: EnrollmentAction) -> tuple[Enrollment, Section]:
    statement = select(Section.enrollment_id).where(Section.id == section_id)
    enrollment_id = act.session.execute(statement).scalar_one_or_none()
    if enrollment_id is None:
        raise RuleViolation("section_unknown", "There is no such section.")
    enrollment = lock_enrollment(act, enrollment_id)
    section = act.session.get_one(Section, section_id, populate_existing=True)
    if section.removed_at is not None:
        raise RuleViolation("location_removed", "This location was removed from the application.")
    check_may(act, enrollment, action, location_id=section.location_id)
    return enrollment, section


def sections_of(session: Session, enrollment_id: UUID, kind: SectionKind | None = None) -> list[Section]:
    """The sections that were not removed, A first, then the locations as they were listed."""
    statement = select(Section).where(Section.enrollment_id == enrollment_id, Section.removed_at.is_(None))
    if kind is not None:
        statement = statement.where(Section.kind == kind)
    ordered = statement.order_by(Section.kind, Section.created_at, Section.id)
    return list(session.execute(ordered.execution_options(populate_existing=True)).scalars())


def section_kinds(session: Session, enrollment_id: UUID) -> dict[UUID, SectionKind]:
    """The sections that were not removed, each with its kind; without their answers."""
    statement = select(Section.id, Section.kind).where(Section.enrollment_id == enrollment_id)
    return {row.id: SectionKind(row.kind) for row in session.execute(statement.where(Section.removed_at.is_(None)))}


def signatures_of(session: Session, enrollment_id: UUID) -> list[Signature]:
    """The signatures, asked for or given, that were not superseded and whose section was not removed."""
    statement = (
        select(Signature)
        .join(Section, Section.id == Signature.section_id)
        .where(Signature.enrollment_id == enrollment_id)
        .where(Signature.superseded_at.is_(None), Section.removed_at.is_(None))
        .order_by(Signature.created_at, Signature.id)
    )
    return list(session.execute(statement.execution_options(populate_existing=True)).scalars())


def set_section_state(section: Section, state: SectionState) -> None:
    """Move a section to another state, and note since when."""
    section.state, section.state_since = state, func.db_now()


def audit_enrollment(
    act: Act,
    enrollment: Enrollment,
    action: str,
    *,
    section: Section | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """One audit row about an enrollment or one of its sections."""
    record(
        act,
        action=action,
        object_type="section" if section else "enrollment",
        object_id=section.id if section else enrollment.id,
        org_id=enrollment.org_id,
        detail={"enrollment": str(enrollment.id), **(detail or {})},
    )


def tell_changed(act: Act, enrollment: Enrollment) -> None:
    """Tell the process that sections, signers or locations changed. Comes last in a transaction."""
    act.session.flush()
    process_id = process_of(act.session, enrollment.id)
    publish(act, process_id=process_id, news=EventKind.SECTIONS_CHANGED)


def settle(act: Act, enrollment: Enrollment, kind: TaskKind, subject_id: UUID, outcome: Outcome) -> None:
    """Decide the applicant's task about a subject where the process has opened one; else tell that facts changed.

    What the applicant did counts, whoever of the organization had taken the task. Comes last in a transaction.
    """
    act.session.flush()
    statement = (
        select(Task)
        .where(Task.entity_id == enrollment.id, Task.kind == kind, Task.subject_id == subject_id, Task.status.in_(LIVE))
        .with_for_update()
    )
    task = act.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if task is None:
        tell_changed(act, enrollment)
    else:
        decide_task(act, task=task, outcome=outcome)
