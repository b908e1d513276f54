"""The inbox: its groups agree with the rule, its pages lose nothing, its counts stop, and nobody sees too much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from models.domain.capabilities import reach
from models.domain.core.actors import person
from models.domain.core.permissions import Permission, Role
from models.domain.core.tasks import CLAIM_LASTS, Refusal, Urgency, due_span, urgency
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.queries.core.inbox import desk_of as desk_at
from models.queries.core.involvement import involved_organizations
from models.queries.core.lists.keyset import Key, parse_key
from models.queries.core.program import office_calendar
from models.queries.core.tasks import (
    COUNT_TO,
    STAFF_VIEWS,
    View,
    count_new_tasks,
    count_tasks,
    find_task,
    list_tasks,
)
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.tasks import claim_task, decide_task, lock_live_task
from tests import tasks_data as data

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SOON = NOW + timedelta(days=3)
DUE = st.one_of(
    st.none(),
    st.timedeltas(min_value=timedelta(days=-9), max_value=timedelta(days=9)),
    st.sampled_from([timedelta(days=days) for days in (-2, 0, 3)]),
)


def desk_of(session, principal):
    involved = involved_organizations(session, principal.account_id)
    now = db_now(session)
    may, calendar = reach(principal, Permission.TASK_LIST), office_calendar(session, now)
    return desk_at(principal, may, now=now, calendar=calendar, involved_orgs=involved)


def all_pages(session, desk, view, *, limit, group=None):
    rows, after = [], None
    while True:
        found = list_tasks(session, desk, view, group=group, after=after, limit=limit)
        assert len(found.rows) <= limit
        rows += found.rows
        after = parse_key(str(found.next)) if found.next else None
        if after is None:
            return rows


@given(DUE)
def test_a_due_time_lies_in_the_span_of_its_group_and_of_no_other(offset):
    due_at = None if offset is None else NOW + offset
    groups = [group for group in Urgency if inside(due_span(group, NOW, SOON), due_at)]
    assert groups == [urgency(due_at, NOW, SOON)]


def inside(span, due_at):
    if due_at is None:
        return span.undated
    return (span.after is None or due_at > span.after) and (span.until is None or due_at <= span.until)


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_key_survives_the_address(at, row_id):
    assert parse_key(str(Key(at, row_id))) == Key(at, row_id)
    assert parse_key(str(Key(None, row_id))) == Key(None, row_id)


@pytest.mark.parametrize("text", ["", "x", "1.x", f"99999999999999999999.{'0' * 32}", "none.", "none.zz", "١.٢"])
def test_what_is_no_key_begins_at_the_first_page(text):
    assert parse_key(text) is None


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DUE, max_size=12), st.integers(1, 5))
def test_the_pages_together_hold_every_task_once_and_in_order(worker_database, offsets, limit):
    from sqlalchemy.orm import Session

    with Session(worker_database.app_engine, expire_on_commit=False) as session:
        org, reviewer = data.organization(session), data.person(session, "Maria", Role.REV)
        made = {data.task(session, org, due=offset).id for offset in offsets}
        desk = desk_of(session, reviewer)
        for view in (View.UNASSIGNED, View.TEAM):
            rows = all_pages(session, desk, view, limit=limit)
            assert [row.id for row in rows] == sorted({row.id for row in rows}, key=[row.id for row in rows].index)
            assert {row.id for row in rows} == made
            due = [row.due_at for row in rows if row.due_at]
            assert due == sorted(due)
            assert all(row.due_at is None for row in rows[len(due) :])
        for group in Urgency:
            rows = all_pages(session, desk, View.UNASSIGNED, limit=limit, group=group)
            assert all(row.urgency is group for row in rows)
            assert len(rows) == sum(
                urgency(None if one is None else desk.now + one, desk.now, desk.soon) is group for one in offsets
            )
        session.rollback()


@pytest.fixture
def office(session):
    """An organization, a reviewer, and one task."""
    org, reviewer = data.organization(session), data.person(session, "Maria", Role.REV)
    return org, reviewer, data.task(session, org)


def take(session, task, principal):
    return claim_task(Act(session, person(principal.account_id), uuid4().hex), task_id=task.id, version=task.version)


def ids(session, principal, view):
    return {row.id for row in list_tasks(session, desk_of(session, principal), view).rows}


def test_a_claimed_task_moves_from_the_team_to_its_holder(session, office):
    _, maria, task = office
    john = data.person(session, "John", Role.REV)
    assert ids(session, maria, View.UNASSIGNED) == ids(session, john, View.UNASSIGNED) == {task.id}
    take(session, task, maria)
    assert ids(session, maria, View.MINE) == {task.id}
    assert (
        ids(session, maria, View.UNASSIGNED)
        == ids(session, john, View.UNASSIGNED)
        == ids(session, john, View.MINE)
        == set()
    )
    assert ids(session, john, View.TEAM) == {task.id}


def test_a_claim_ends_by_itself(session, database, office):
    _, maria, task = office
    take(session, task, maria)
    session.commit()
    database.shift_clock(f"{CLAIM_LASTS.total_seconds() + 1} seconds")
    john = data.person(session, "John", Role.REV)
    assert ids(session, maria, View.MINE) == set()
    assert ids(session, john, View.UNASSIGNED) == {task.id}
    row = list_tasks(session, desk_of(session, john), View.UNASSIGNED).rows[0]
    assert row.claimable
    assert row.holder is None


def test_a_decided_task_stands_under_done_by_me(session, office):
    _, maria, task = office
    locked = lock_live_task(Act(session, person(maria.account_id)), task_id=task.id, version=None)
    decide_task(Act(session, person(maria.account_id), uuid4().hex), task=locked, outcome=Outcome.RECOMMENDED)
    assert ids(session, maria, View.DONE) == {task.id}
    assert ids(session, maria, View.TEAM) == set()


def test_the_excluded_person_sees_the_task_but_not_as_hers_to_take(session, office):
    org, maria, task = office
    mine = data.task(session, org, kind=TaskKind.APPROVE_ENROLLMENT, excluded=[maria.account_id])
    assert ids(session, maria, View.UNASSIGNED) == {task.id}
    row = find_task(session, desk_of(session, maria), mine.id)
    assert row.refusal is Refusal.SECOND_PERSON
    assert not row.claimable


def test_a_person_of_the_organization_is_refused_for_twelve_months(session, database, office):
    org, maria, task = office
    data.give(session, maria.account_id, Role.ORG, org)
    data.end(session, maria.account_id, Role.ORG, org)
    assert ids(session, maria, View.UNASSIGNED) == set()
    assert find_task(session, desk_of(session, maria), task.id).refusal is Refusal.OWN_ORGANIZATION
    session.commit()
    database.shift_clock("366 days")
    assert ids(session, maria, View.UNASSIGNED) == {task.id}


def test_a_supervisor_sees_the_whole_team_and_takes_what_is_for_supervisors(session, office):
    org, _, task = office
    sam = data.person(session, "Sam", Role.SUP)
    late = data.task(session, org, kind=TaskKind.RESOLVE_OVERDUE_TASK)
    assert ids(session, sam, View.TEAM) == {task.id, late.id}
    assert ids(session, sam, View.UNASSIGNED) == {late.id}


def test_an_administrator_sees_the_tasks_of_the_own_organization_only(session, office):
    org = office[0]
    other = data.organization(session)
    ana = data.person(session, "Ana", Role.ORG, org_id=org)
    own = data.task(session, org, kind=TaskKind.SUBMIT_ENROLLMENT)
    foreign = data.task(session, other, kind=TaskKind.SUBMIT_ENROLLMENT)
    assert ids(session, ana, View.MINE) == {own.id}
    desk = desk_of(session, ana)
    assert find_task(session, desk, own.id).refusal is None
    assert find_task(session, desk, foreign.id) is None
    assert find_task(session, desk, uuid4()) is None


def test_counts_stop_at_a_thousand(session, office, monkeypatch):
    _, maria, _ = office
    assert count_tasks(session, desk_of(session, maria), STAFF_VIEWS).tasks == {
        View.MINE: 0,
        View.UNASSIGNED: 1,
        View.TEAM: 1,
        View.DONE: 0,
    }
    assert COUNT_TO == 100
    monkeypatch.setattr("models.queries.core.tasks.COUNT_TO", 1)
    assert count_tasks(session, desk_of(session, maria), [View.TEAM]).tasks == {View.TEAM: 1}


def test_news_are_the_tasks_opened_since_the_list_was_made(session, office):
    org, maria, _ = office
    session.commit()
    desk = desk_of(session, maria)
    since = count_tasks(session, desk, []).newest
    assert count_new_tasks(session, desk, since) == 0
    session.commit()
    data.task(session, org)
    data.task(session, org, kind=TaskKind.APPROVE_ENROLLMENT, excluded=[maria.account_id])
    assert count_new_tasks(session, desk_of(session, maria), since) == 1


def test_a_page_of_the_inbox_asks_few_questions(session, office, database):
    _, maria, _ = office
    session.flush()
    desk = desk_of(session, maria)
    asked = []
    listener = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(database.app_engine, "before_cursor_execute", listener)
    try:
        count_tasks(session, desk, STAFF_VIEWS)
        list_tasks(session, desk, View.UNASSIGNED)
    finally:
        event.remove(database.app_engine, "before_cursor_execute", listener)
    assert len(asked) == 2
    assert not any("OFFSET" in statement.upper() for statement in asked)
