"""The effects of the toy's processes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session
from temporalio import activity

from activities.core.runtime import run_step
from models.domain.core.actors import process as process_actor
from models.domain.core.process_steps import StepRequest, StepResult
from models.store.core.act import Act
from models.tables.core.processes import Process
from tests.toy import store
from tests.toy.declares import NextStep

Effect = Callable[[Act, Process], NextStep]


def _run(turn: StepRequest, effect: Effect) -> StepResult:
    def act(session: Session) -> str:
        process_id = UUID(turn.ref.process_id)
        doing = Act(session, process_actor(process_id), f"toy/{process_id}/{turn.heard}", as_of=turn.as_of)
        return effect(doing, session.get_one(Process, process_id))

    return run_step(turn, act, waits_in={NextStep.ASK})


@activity.defn(name="toy_look")
def look(turn: StepRequest) -> StepResult:
    return _run(turn, store.look)


@activity.defn(name="toy_settle")
def settle(turn: StepRequest) -> StepResult:
    return _run(turn, store.settle)


@activity.defn(name="toy_clear_away")
def clear_away(turn: StepRequest) -> StepResult:
    return _run(turn, store.clear_away)


@activity.defn(name="toy_remind")
def remind(turn: StepRequest) -> StepResult:
    assert turn.deadline_id is not None
    deadline_id = UUID(turn.deadline_id)
    return _run(turn, lambda act, process: store.remind(act, process, deadline_id))
