"""What an enrollment sends when a deadline of one of its tasks comes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.enrollment.declares import INVITATIONS
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import NextStep, SectionState
from models.queries.core.mail.undeliverable import undeliverable_links
from models.queries.enrollment.process import step_of
from models.store.core import chase as core_chase
from models.store.core.act import Act
from models.store.core.chase import Chase
from models.store.core.mail.sending import About, send
from models.store.enrollment.gathering import ask_applicant
from models.store.enrollment.mail import about, ask_to_sign, coordinator, join_link, unsigned_beside
from models.store.enrollment.rows import lock_enrollment
from models.tables.core.tasks import Deadline, Task
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature


def fire(act: Act, *, deadline_id: UUID) -> NextStep:
    """Do what a deadline is for, once; one that was cancelled meanwhile does nothing. Returns what comes next."""
    enrollment_id = act.session.execute(select(Deadline.entity_id).where(Deadline.id == deadline_id)).scalar_one()
    enrollment = lock_enrollment(act, enrollment_id)
    core_chase.fire(act, CHASE, deadline_id=deadline_id)
    act.session.flush()
    step = step_of(act.session, enrollment)
    if step is NextStep.GATHER:
        ask_applicant(act, enrollment)
    return step


def _unreachable(session: Session, task: Task) -> bool:
    """Whether the address to be reminded is dead; whoever invited has the task to correct it."""
    subjects = [task.subject_id]
    dead = undeliverable_links(session, entity_id=task.entity_id, purposes=INVITATIONS, subject_ids=subjects)
    return task.subject_id in dead


def _remind_signer(act: Act, task: Task) -> None:
    if _unreachable(act.session, task):
        return
    signature = act.session.get_one(Signature, task.subject_id)
    if signature.signed_at is None and signature.superseded_at is None:
        group = unsigned_beside(act.session, signature)
        ask_to_sign(act, _enrollment(act.session, task), group, "sign_reminder")


def _remind_of_section(act: Act, task: Task) -> None:
    """A coordinator who has not joined gets a fresh link; whoever has an account gets the way to the page."""
    if _unreachable(act.session, task):
        return
    enrollment, section = _enrollment(act.session, task), act.session.get_one(Section, task.subject_id)
    subject = about(act.session, enrollment, section)
    if section.state == SectionState.INVITED:
        send(act, "join_reminder", to=coordinator(section), about=subject, link=join_link(section))
    else:
        account_id = section.coordinator_account_id or enrollment.admin_account_id
        send(act, "section_reminder", to=account_id, about=subject)


def _remind_to_submit(act: Act, task: Task) -> None:
    enrollment = _enrollment(act.session, task)
    send(act, "submit_reminder", to=enrollment.admin_account_id, about=about(act.session, enrollment))


def _about(session: Session, task: Task) -> About:
    return about(session, _enrollment(session, task))


def _enrollment(session: Session, task: Task) -> Enrollment:
    return session.get_one(Enrollment, task.entity_id)


CHASE = Chase(
    reminders={
        TaskKind.SIGN_SECTION: _remind_signer,
        TaskKind.COMPLETE_SECTION: _remind_of_section,
        TaskKind.SUBMIT_ENROLLMENT: _remind_to_submit,
    },
    about=_about,
    supervision=TaskKind.RESOLVE_OVERDUE_TASK,
    warning_template="review_due_soon",
    breach_template="review_overdue",
)
