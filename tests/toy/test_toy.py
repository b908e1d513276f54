"""The core without any capability of the product: two processes about one thing, for a person of no organization."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import func, select

from models.domain import capabilities
from models.domain.capabilities import CAPABILITIES, reach
from models.domain.core.actors import SYSTEM, link_holder, person
from models.domain.core.capability import compose
from models.domain.core.permissions import Permission
from models.domain.core.processes import workflow_id
from models.domain.core.tasks import Refusal, TaskStatus
from models.domain.core.violations import RuleViolation
from models.postgres.database import transaction
from models.queries.core.inbox import desk_of
from models.queries.core.processes import events_after
from models.queries.core.program import office_calendar
from models.queries.core.tasks import OWN_VIEWS, View, find_task, list_tasks
from models.queries.operations.figures import read_figures
from models.queries.operations.invariants import check_invariants
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.tasks import decide_task, lock_live_task
from models.store.operations.rebuild import rebuild_processes
from models.tables.core.messages import Message
from models.tables.core.tasks import Deadline
from tests import tasks_data
from tests.database import Database
from tests.toy import store
from tests.toy.declares import MAIL, NextStep, ProcessKind, ToyState
from tests.toy.world import ToyWorld, toy_declared, toys_alive
from workflows.engine.census import run_of

BOTH = tuple(ProcessKind)


@pytest.fixture
def toys(database: Database) -> Iterator[Database]:
    with toy_declared(database):
        yield database


def hurt(toy: ToyWorld) -> list[tuple[str, str]]:
    findings = toy.read(check_invariants)
    return [(one.id, one.says) for one in findings if one.violations and one.id != "I14"]


def pass_days(time_skipping, toy: ToyWorld, kind: ProcessKind, days: int) -> None:
    row = toy.row(kind)
    name = workflow_id(row.kind, str(row.entity_id), row.generation)
    time_skipping.pass_time(time_skipping.client.get_workflow_handle(name), days=days)


def test_two_processes_about_one_thing_ask_decide_and_finish(time_skipping, toys):
    with toys_alive(time_skipping, toys):
        toy = ToyWorld(toys)
        toy.settled()
        tasks = [toy.task(kind) for kind in BOTH]
        assert [(task.org_id, task.candidate_account_id) for task in tasks] == [(None, toy.owner.account_id)] * 2
        before = toy.row(ProcessKind.RECALL).published
        toy.decide(ProcessKind.INSPECTION, ToyState.PASSED)
        assert toy.ended(ProcessKind.INSPECTION)
        assert toy.row(ProcessKind.RECALL).published == before, "the other process was told nothing"
        assert toy.task(ProcessKind.RECALL).status == TaskStatus.OPEN
        toy.decide(ProcessKind.RECALL, ToyState.FAILED)
        assert toy.ended(ProcessKind.RECALL)
    assert hurt(toy) == []


def test_a_withdrawn_process_takes_back_its_own_work_alone(time_skipping, toys):
    with toys_alive(time_skipping, toys):
        toy = ToyWorld(toys)
        toy.settled()
        toy.withdraw(ProcessKind.INSPECTION)
        assert toy.ended(ProcessKind.INSPECTION)
    assert toy.task(ProcessKind.INSPECTION).status == TaskStatus.WITHDRAWN
    assert toy.task(ProcessKind.RECALL).status == TaskStatus.OPEN
    assert toy.read(waiting) == Counter({toy.process_id(ProcessKind.RECALL): 1})
    assert hurt(toy) == []


def test_each_process_is_woken_by_its_own_reminder(time_skipping, toys):
    with toys_alive(time_skipping, toys):
        toy = ToyWorld(toys)
        toy.settled()
        pass_days(time_skipping, toy, ProcessKind.INSPECTION, 4)
        toy.settled()
        assert toy.read(waiting) == Counter({toy.process_id(ProcessKind.RECALL): 1})
        assert toy.read(mails) == 1
        pass_days(time_skipping, toy, ProcessKind.RECALL, 4)
        toy.settled()
        assert toy.read(mails) == 2


def test_a_rebuilt_process_asks_nothing_twice(time_skipping, toys):
    toy = ToyWorld(toys)
    with toys_alive(time_skipping, toys):
        toy.settled()
    time_skipping.terminate_all()
    with transaction(toys.app_engine) as session:
        process_id = toy.process_id(ProcessKind.INSPECTION)
        assert rebuild_processes(Act(session, SYSTEM), process_ids=[process_id]) == 1
    with toys_alive(time_skipping, toys):
        toy.settled()
        assert toy.row(ProcessKind.INSPECTION).generation == 2
        toy.decide(ProcessKind.INSPECTION, ToyState.PASSED)
        assert toy.ended(ProcessKind.INSPECTION)
    assert toy.task(ProcessKind.INSPECTION).outcome == ToyState.PASSED


def test_only_the_person_asked_sees_and_decides(toys):
    toy = asked(ToyWorld(toys))
    with transaction(toys.app_engine) as session:
        stranger = tasks_data.person(session, "Sam Stranger")
        task_id = store.task_of(session, ProcessKind.INSPECTION, toy.toy_id).id
        own, other = desk(session, toy.owner), desk(session, stranger)
        assert [row.id for row in list_tasks(session, own, View.MINE).rows].count(task_id) == 1
        assert find_task(session, own, task_id).refusal is None
        assert find_task(session, other, task_id) is None
        assert not any(list_tasks(session, other, view).rows for view in OWN_VIEWS)
        for by in (person(stranger.account_id), link_holder(stranger.account_id)):
            with pytest.raises(RuleViolation) as refused:
                lock_live_task(Act(session, by), task_id=task_id, version=None)
            assert refused.value.code == Refusal.NOT_CANDIDATE


def test_an_outcome_that_the_kind_does_not_have_is_refused(toys):
    toy = asked(ToyWorld(toys))
    with transaction(toys.app_engine) as session:
        task = store.task_of(session, ProcessKind.INSPECTION, toy.toy_id)
        with pytest.raises(RuleViolation, match="not a possible decision"):
            decide_task(toy.act(session, "x"), task=task, outcome="approved")


def test_older_code_lists_a_kind_that_it_does_not_know_by_its_name(toys):
    toy = asked(ToyWorld(toys))
    with patch.object(capabilities, "_DECLARED", compose(CAPABILITIES)), transaction(toys.app_engine) as session:
        rows = list_tasks(session, desk(session, toy.owner), View.MINE).rows
        assert [row.kind for row in rows] == ["check_toy"] * 2
        figures = read_figures(session)
        assert figures.tasks_open["check_toy"] == 2
        assert figures.processes_open["ToyRecall"] == 1
        assert {event.kind for event in events_after(session, toy.process_id(ProcessKind.RECALL), 0)} == {"started"}


def test_a_run_is_named_by_its_kind_too(toys):
    toy = ToyWorld(toys)
    runs = {run_of(workflow_id(kind, str(toy.toy_id), 1)) for kind in BOTH}
    assert runs == {(kind, toy.toy_id, 1) for kind in BOTH}


def asked(toy: ToyWorld) -> ToyWorld:
    """Both processes have asked, without a worker."""
    with transaction(toy.database.worker_engine) as session:
        for kind in BOTH:
            row = session.merge(toy.row(kind))
            assert store.look(Act(session, SYSTEM, f"ask/{kind}"), row) is NextStep.ASK
    return toy


def desk(session, principal):
    reached = reach(principal, Permission.TASK_LIST)
    return desk_of(
        principal, reached, now=db_now(session), calendar=office_calendar(session, db_now(session)), involved_orgs=()
    )


def waiting(session) -> Counter[UUID]:
    open_ = (Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None))
    return Counter(session.execute(select(Deadline.process_id).where(*open_)).scalars())


def mails(session) -> int:
    return session.execute(select(func.count()).where(Message.template == MAIL)).scalar_one()
