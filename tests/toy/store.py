"""What happens to a toy: each function is one transaction's work, and harmless when repeated."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.domain.core.tasks import LIVE, TaskStatus
from models.queries.core.processes import process_of
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.deadlines import cancel_deadlines, fire_deadline, set_deadline
from models.store.core.mail.messages import queue_message
from models.store.core.processes import publish, start_process
from models.store.core.tasks import decide_task, lock_live_task, open_task, tasks_of, withdraw_task
from models.tables.core.processes import Process
from models.tables.core.tasks import Task
from tests.toy import declares
from tests.toy.declares import COLUMNS, NextStep, ProcessKind, ToyState
from tests.toy.tables import Toy


def start_toy(act: Act, *, owner_id: UUID) -> UUID:
    """A toy, and both of its processes."""
    toy = Toy(id=uuid4(), owner_id=owner_id)
    act.session.add(toy)
    act.session.flush()
    for kind in ProcessKind:
        start_process(act.part(kind), kind=kind, entity_id=toy.id, org_id=None)
    return toy.id


def decide_check(act: Act, *, task_id: UUID, outcome: str) -> None:
    """The owner says how the toy is."""
    decide_task(act, task=lock_live_task(act, task_id=task_id, version=None), outcome=outcome)


def withdraw_toy(act: Act, *, kind: ProcessKind, toy_id: UUID) -> None:
    """One of the processes is not needed any more; the other goes on."""
    _move(act, act.session.get_one(Toy, toy_id, with_for_update=True), kind, ToyState.WITHDRAWN)
    process_id = process_of(act.session, kind=kind, entity_id=toy_id)
    publish(act, process_id=process_id, news=declares.WITHDRAWN)


def step_of(session: Session, process: Process) -> NextStep:
    """What the facts ask for next."""
    state = getattr(session.get_one(Toy, process.entity_id), COLUMNS[ProcessKind(process.kind)])
    tasks = tasks_of(session, process.id)
    if state == ToyState.WITHDRAWN and any(task.status in LIVE for task in tasks):
        return NextStep.CLEAR_AWAY
    if state != ToyState.ASKED:
        return NextStep.FINISH
    return NextStep.SETTLE if any(task.status == TaskStatus.DONE for task in tasks) else NextStep.ASK


def look(act: Act, process: Process) -> NextStep:
    """Ask the owner where nobody has been asked yet."""
    step = step_of(act.session, process)
    if step is NextStep.ASK:
        _ask(act, process)
    return step


def settle(act: Act, process: Process) -> NextStep:
    """Take the owner's answer over."""
    toy = act.session.get_one(Toy, process.entity_id, with_for_update=True)
    if step_of(act.session, process) is NextStep.SETTLE:
        [answer] = [task.outcome for task in tasks_of(act.session, process.id) if task.outcome]
        _move(act, toy, ProcessKind(process.kind), ToyState(answer))
        cancel_deadlines(act.session, process_id=process.id, subject_id=toy.id)
    return step_of(act.session, process)


def clear_away(act: Act, process: Process) -> NextStep:
    """Take back what this process has asked for, and nothing of the other one."""
    for task in tasks_of(act.session, process.id):
        withdraw_task(act.because(f"{task.opening_key}/withdrawn"), task_id=task.id, because="withdrawn")
    cancel_deadlines(act.session, process_id=process.id, subject_id=process.entity_id)
    act.session.flush()
    return step_of(act.session, process)


def remind(act: Act, process: Process, deadline_id: UUID) -> NextStep:
    """Mail the owner once for each reminder."""
    if fire_deadline(act.session, deadline_id=deadline_id, as_of=act.now) is not None:
        queue_message(
            act.because(f"toy/{process.id}/{declares.REMINDER}"),
            template=declares.MAIL,
            to_address="owner@example.org",
            language="en",
            params={},
            entity_id=process.entity_id,
        )
    return step_of(act.session, process)


def _ask(act: Act, process: Process) -> None:
    """Both processes ask the same person the same thing about the same toy."""
    toy = act.session.get_one(Toy, process.entity_id)
    open_task(
        act,
        process_id=process.id,
        kind=declares.CHECK_TOY,
        subject_id=toy.id,
        opening_key=f"toy/{process.id}/check",
        candidate_account_id=toy.owner_id,
    )
    for days in declares.REMINDER_DAYS:
        set_deadline(
            act.session,
            process_id=process.id,
            kind=declares.REMINDER,
            subject_id=toy.id,
            due_at=process.created_at + timedelta(days=days),
        )


def task_of(session: Session, kind: ProcessKind, toy_id: UUID) -> Task:
    """The one task of a process."""
    [task] = tasks_of(session, process_of(session, kind=kind, entity_id=toy_id))
    return task


def _move(act: Act, toy: Toy, kind: ProcessKind, state: ToyState) -> None:
    setattr(toy, COLUMNS[kind], state)
    record(act, action=f"toy.{state}", object_type="toy", object_id=toy.id, detail={"process": kind})
    act.session.flush()
