"""What the process does while the applicant has the enrollment in hand: it keeps the tasks, invitations and
signature requests in line with the facts (E3, E4, E5). Repeating it changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.core.processes import EntityType
from models.domain.core.tasks import LIVE, UNDELIVERABLE, TaskKind
from models.domain.enrollment.chase import LAST_REMINDER, chase_ends, reminders
from models.domain.enrollment.lifecycle import SectionKind, SectionState
from models.queries.core.processes import process_of
from models.queries.core.program import office_calendar
from models.queries.core.undeliverable import INVITATIONS, unanswered
from models.store.core.act import Act
from models.store.core.deadlines import set_deadline
from models.store.core.tasks import open_task, task_id_for, tasks_of, withdraw_task
from models.store.enrollment.mail import (
    location_name,
    mail_administrator,
    mail_coordinator_link,
    mail_signer_link,
    organization_name,
)
from models.store.enrollment.rows import sections_of, signatures_of
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature

Invite = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that the facts ask for. `invite` mails what goes with it, given a cause key.

    `after` is the key of the task that it follows from: it is opened only once that one is there.
    """

    key: str
    kind: TaskKind
    subject_id: UUID
    location_id: UUID | None = None
    role: Role | None = None
    titles: tuple[tuple[str, str], ...] = ()
    invite: Invite | None = None
    after: str | None = None


def ask_applicant(act: Act, enrollment: Enrollment) -> None:
    """Open what is missing and withdraw what nobody needs; the enrollment is locked and to be gathered."""
    keep_in_line(act, enrollment, wanted_tasks(act, enrollment))


def wanted_tasks(act: Act, enrollment: Enrollment) -> list[Wanted]:
    """The tasks that the facts of an application ask for."""
    sections = sections_of(act.session, enrollment.id)
    signatures = signatures_of(act.session, enrollment.id)
    unsigned = [signature for signature in signatures if signature.signed_at is None]
    unfinished = [section for section in sections if section.state in (SectionState.INVITED, SectionState.DRAFT)]
    wanted = [_complete(act, enrollment, section) for section in unfinished]
    wanted += [_sign(act, enrollment, signature) for signature in unsigned]
    wanted += _others(act, enrollment, [task for task in wanted if task.invite is not None])
    ready = all(section.state == SectionState.SIGNED for section in sections)
    if ready and any(section.kind == SectionKind.B for section in sections):
        wanted.append(_submit(act.session, enrollment, signatures))
    return wanted


def keep_in_line(act: Act, enrollment: Enrollment, wanted: list[Wanted]) -> None:
    """Make the live tasks of an enrollment those that are wanted, each opened once."""
    keys = {task.key for task in wanted}
    tasks = tasks_of(act.session, enrollment.id)
    for task in tasks:
        if task.status in LIVE and task.opening_key not in keys:
            _withdraw(act, task)
    act.session.flush()
    known = {task.opening_key for task in tasks}
    missing = [each for each in wanted if each.key not in known and each.after in {None, *known}]
    if missing:
        process_id = process_of(act.session, enrollment.id)
        for each in missing:
            _open(act, enrollment, process_id, each)


def withdraw_others(act: Act, enrollment: Enrollment, *, keep: str | None = None) -> bool:
    """Withdraw every live task of an enrollment but the one opened under `keep` and what followed from it.

    True when that one is live.
    """
    kept = False
    for task in tasks_of(act.session, enrollment.id):
        if task.status not in LIVE:
            continue
        if keep is None or not f"{task.opening_key}/".startswith(f"{keep}/"):
            _withdraw(act, task)
        kept |= task.opening_key == keep
    act.session.flush()
    return kept


def _withdraw(act: Act, task: Task) -> None:
    key = f"{task.opening_key}/withdrawn"
    withdraw_task(act.because(key), task_id=task.id, because="not needed any more")


def _open(act: Act, enrollment: Enrollment, process_id: UUID, wanted: Wanted) -> None:
    calendar = office_calendar(act.session, act.now)
    task = open_task(
        act,
        process_id=process_id,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        org_id=enrollment.org_id,
        location_id=wanted.location_id,
        candidate_role=wanted.role,
        opening_key=wanted.key,
        title_values=dict(wanted.titles),
        due_at=chase_ends(wanted.kind, act.now, calendar),
    )
    for kind, due_at in reminders(wanted.kind, act.now, calendar).items():
        set_deadline(
            act.session,
            process_id=process_id,
            entity_type=EntityType.ENROLLMENT,
            entity_id=enrollment.id,
            kind=kind,
            subject_id=task.id,
            due_at=due_at,
        )
    if wanted.invite is not None:
        wanted.invite(f"{wanted.key}/mail")


def _complete(act: Act, enrollment: Enrollment, section: Section) -> Wanted:
    """Section A is the administrators' to complete, section B its coordinator's."""
    base = f"enrollment/{enrollment.id}/section/{section.id}/turn/{section.turn}"

    def invite(cause_key: str) -> None:
        mail_coordinator_link(act.because(cause_key), enrollment, section, template="join_location")

    return Wanted(
        key=f"{base}/coordinator/{section.coordinator_turn}/chase/{section.chase}",
        kind=TaskKind.COMPLETE_SECTION,
        subject_id=section.id,
        location_id=section.location_id,
        role=Role.COO if section.location_id else Role.ORG,
        titles=_titles(act.session, enrollment, section),
        invite=invite if section.state == SectionState.INVITED else None,
    )


def _sign(act: Act, enrollment: Enrollment, signature: Signature) -> Wanted:
    section = act.session.get_one(Section, signature.section_id)

    def invite(cause_key: str) -> None:
        mail_signer_link(act.because(cause_key), enrollment, signature, template="sign_section")

    return Wanted(
        key=f"enrollment/{enrollment.id}/signature/{signature.id}/chase/{signature.chase}",
        kind=TaskKind.SIGN_SECTION,
        subject_id=signature.id,
        titles=(*_titles(act.session, enrollment, section), ("name", signature.name), ("role", signature.role)),
        invite=invite,
    )


def _others(act: Act, enrollment: Enrollment, invited: list[Wanted]) -> list[Wanted]:
    """Name somebody else in place of each who cannot be reached or let the last reminder pass without an answer."""
    if not invited:
        return []
    tasks = {task_id_for(task.key): task for task in invited}
    late, dead = unanswered(
        act.session,
        entity_id=enrollment.id,
        purposes=INVITATIONS,
        tasks={task_id: task.subject_id for task_id, task in tasks.items()},
        last_reminder=LAST_REMINDER,
    )
    return [
        _unreached(act, enrollment, task, dead[task.subject_id])
        if task.subject_id in dead
        else _instead_of(task, f"{task.key}/another")
        for task_id, task in tasks.items()
        if task.subject_id in dead or task_id in late
    ]


def _unreached(act: Act, enrollment: Enrollment, invited: Wanted, link_id: UUID) -> Wanted:
    """Correct the address of somebody whose invitation could not be delivered, or name somebody else.

    Named by the link that did not arrive, so that a dead address in place of a dead one asks anew.
    """
    return replace(
        _instead_of(invited, f"{invited.key}/undeliverable/{link_id}"),
        titles=(*invited.titles, ("because", UNDELIVERABLE)),
        invite=lambda cause_key: _say_undeliverable(act.because(cause_key), enrollment, invited),
        after=invited.key,
    )


def _instead_of(invited: Wanted, key: str) -> Wanted:
    """Name somebody else: a task of the administrators."""
    return Wanted(key, TaskKind.NAME_ANOTHER_SIGNER, invited.subject_id, role=Role.ORG, titles=invited.titles)


def _say_undeliverable(act: Act, enrollment: Enrollment, invited: Wanted) -> None:
    """Tell whoever invited that the invitation did not arrive; the address stands on the page, behind the sign-in."""
    titles = dict(invited.titles)
    mail_administrator(
        act,
        enrollment,
        template="invitation_undeliverable",
        params={"person": titles["name"], "location": titles["location"]},
    )


def _submit(session: Session, enrollment: Enrollment, signatures: list[Signature]) -> Wanted:
    """Named by the signatures that make the application ready, so that another set asks anew."""
    given = hashlib.sha256("".join(sorted(str(signature.id) for signature in signatures)).encode()).hexdigest()
    return Wanted(
        key=f"enrollment/{enrollment.id}/submit/{enrollment.submission}/{given[:16]}",
        kind=TaskKind.SUBMIT_ENROLLMENT,
        subject_id=enrollment.id,
        role=Role.ORG,
        titles=_titles(session, enrollment),
    )


def _titles(session: Session, enrollment: Enrollment, section: Section | None = None) -> tuple[tuple[str, str], ...]:
    """What the inbox needs to say whom and what a task is about."""
    titles = (
        ("organization", organization_name(session, enrollment.org_id)),
        ("reference", enrollment.reference),
    )
    if section is None:
        return titles
    name = section.coordinator_name if section.location_id else None
    return (
        *titles,
        ("section", section.kind),
        ("location", location_name(session, section)),
        *((("name", name),) if name else ()),
    )
