"""Asking people: a capability states the tasks that should be, and one function makes it so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.chase import Promise, chase_ends, clock, last_reminder, reminders
from models.domain.core.permissions import Role
from models.domain.core.tasks import LIVE
from models.queries.core.mail.undeliverable import fired_and_dead
from models.queries.core.processes import process_of
from models.queries.core.program import office_calendar, setting
from models.store.core.act import Act
from models.store.core.deadlines import set_deadline
from models.store.core.tasks import open_task, task_id_for, tasks_of, withdraw_task
from models.tables.core.tasks import Task

Titles = Mapping[str, str]


def no_titles() -> Titles:
    """For a task whose kind says everything."""
    return {}


@dataclass(frozen=True, slots=True)
class Entity:
    """What a process of a kind is about, and whose it is: None for nobody's organization."""

    process_kind: str
    id: UUID
    org_id: UUID | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that the facts ask for, known by `key`, which is built from facts.

    Reminders come from the rule of its kind. `promise` is the time within which state staff decide it;
    without one it is due with its last reminder. `titles` say in the inbox whom and what it is about, and
    `invite` mails the link that goes with it, given the act with a cause of its own: both are only called
    when the task is opened. `after` is the key of the task that it follows from: it is opened only once that
    one is there.
    """

    key: str
    kind: str
    subject_id: UUID
    location_id: UUID | None = None
    role: Role | None = None
    excluded: Collection[UUID] = ()
    titles: Callable[[], Titles] = no_titles
    promise: Promise | None = None
    invite: Callable[[Act], None] | None = None
    after: str | None = None


def keep_in_line(act: Act, entity: Entity, wanted: Sequence[Wanted]) -> None:
    """Make the live tasks of an entity, which the caller has locked, those that are wanted, each opened once.

    What nobody wants any more is withdrawn; a supervisor's task stays with the late one that it is about.
    """
    keys = {each.key for each in wanted}
    process_id = process_of(act.session, kind=entity.process_kind, entity_id=entity.id)
    tasks = tasks_of(act.session, process_id)
    for task in tasks:
        if task.status in LIVE and task.opening_key.partition(OVERDUE)[0] not in keys:
            withdraw_task(act.because(f"{task.opening_key}/withdrawn"), task_id=task.id, because="not needed any more")
    act.session.flush()
    known = {task.opening_key for task in tasks}
    for each in wanted:
        if each.key not in known and each.after in {None, *known}:
            _open(act, entity, process_id, each)


OVERDUE = "/overdue/"
"""What stands between the key of a late task and the rest of the key of its supervisor's task."""


def start_clock(act: Act, task: Task, promise: Promise) -> None:
    """Set when a task of state staff is warned of, and when it is late."""
    calendar = office_calendar(act.session, act.now)
    percent = setting(act.session, promise.warning_setting, act.now)
    _set_deadlines(act.session, task, clock(promise, percent=percent, as_of=act.now, calendar=calendar))


def unreached(
    session: Session, entity_id: UUID, purposes: Collection[str], invited: Sequence[Wanted]
) -> tuple[set[str], Mapping[UUID, UUID]]:
    """Of wanted tasks that were mailed a link: the keys of those whose last reminder went out, and the dead links.

    Dead links are named by the subject whose link of one of the `purposes` could not be delivered.
    """
    by_id = {task_id_for(each.key): each for each in invited}
    if not by_id:
        return set(), {}
    subjects = {task_id: each.subject_id for task_id, each in by_id.items()}
    fired, dead = fired_and_dead(session, entity_id=entity_id, purposes=purposes, tasks=subjects)
    late = {by_id[task_id].key for task_id, kind in fired if kind == last_reminder(by_id[task_id].kind)}
    return late, dead


def _open(act: Act, entity: Entity, process_id: UUID, wanted: Wanted) -> None:
    calendar = office_calendar(act.session, act.now)
    task = open_task(
        act,
        process_id=process_id,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        org_id=entity.org_id,
        location_id=wanted.location_id,
        candidate_role=wanted.role,
        excluded=wanted.excluded,
        opening_key=wanted.key,
        title_values=wanted.titles(),
        due_at=wanted.promise.due_at if wanted.promise else chase_ends(wanted.kind, act.now, calendar),
    )
    _set_deadlines(act.session, task, reminders(wanted.kind, act.now, calendar))
    if wanted.promise is not None:
        start_clock(act, task, wanted.promise)
    if wanted.invite is not None:
        wanted.invite(act.because(f"{wanted.key}/mail"))


def _set_deadlines(session: Session, task: Task, moments: Mapping[str, datetime]) -> None:
    for kind, due_at in moments.items():
        set_deadline(
            session,
            process_id=task.process_id,
            kind=kind,
            subject_id=task.id,
            due_at=due_at,
        )
