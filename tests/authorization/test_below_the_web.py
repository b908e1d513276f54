"""The queries themselves, asked with each person's reach: what they find is what the table says (S1, S2)."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token
from models.domain.capabilities import reach
from models.domain.core.permissions import Permission, Reach
from models.domain.enrollment.kinds import TaskKind
from models.queries.core import inbox as desks
from models.queries.core import tasks
from models.queries.core.involvement import involved_organizations
from models.queries.core.program import office_calendar
from models.queries.enrollment import application as applications
from models.queries.identity.sessions import find_session
from models.store.core.clock import db_now
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Section, Signature
from tests.authorization.oracle import cell, within

WHOLE = Reach(allowed=True, everything=True)
PROGRESS, MANAGE = Permission.ENROLLMENT_READ_OWN_PROGRESS, Permission.ENROLLMENT_MANAGE_LOCATIONS
EDIT, LIST = Permission.ENROLLMENT_EDIT_DRAFT, Permission.TASK_LIST


def faults(world):
    """Every person and thing where a query says otherwise than the table."""
    found = []
    with Session(world.database.app_engine) as session:
        for who in world.people.values():
            if who.account is not None:
                principal = find_session(session, hash_token(who.sid)).principal
                found += [*of_addresses(session, world, who, principal), *of_lists(session, world, who, principal)]
    return found


def of_addresses(session, world, who, principal):
    """A single thing, looked up by its id."""
    asked = (
        ("enrollment_id", PROGRESS, applications.find_application),
        ("section_id", EDIT, applications.enrollment_of_section),
        ("signature_id", MANAGE, applications.place_of_signature),
        ("task_id", MANAGE, applications.enrollment_of_task),
    )
    for noun, permission, query in asked:
        for thing in world.things[noun]:
            if query is applications.enrollment_of_task and thing.kind != TaskKind.NAME_ANOTHER_SIGNER:
                continue
            if (query(session, thing.id, reach(principal, permission)) is not None) is not may(who, permission, thing):
                yield f"{query.__name__} for {who.name}: {thing}"


def of_lists(session, world, who, principal):
    """Lists hold what may be seen, and nothing else."""
    rows = applications.enrollments_within(session, reach(principal, PROGRESS))
    wanted = {one.id for one in world.things["enrollment_id"] if may(who, PROGRESS, one)}
    if {row.enrollment_id for row in rows} != wanted:
        yield f"enrollments_within for {who.name}"
    involved = involved_organizations(session, principal.account_id)
    now = db_now(session)
    calendar = office_calendar(session, now)
    desk = desks.desk_of(principal, reach(principal, LIST), now=now, calendar=calendar, involved_orgs=involved)
    allowed = {one.id for one in world.things["task_id"] if may(who, LIST, one)}
    for view in tasks.STAFF_VIEWS if desk.staff else tasks.OWN_VIEWS:
        if not {row.id for row in tasks.list_tasks(session, desk, view, limit=500).rows} <= allowed:
            yield f"list_tasks of {view} for {who.name}"


def may(who, permission, thing):
    letter = cell(who, permission)
    return letter is not None and within(who, letter, thing)


def test_every_query_finds_for_each_person_what_the_table_says(world):
    assert not faults(world)


def _of_any_section(session, section_id, _reach):
    return session.scalars(select(Section.enrollment_id).where(Section.id == section_id)).one_or_none()


def _of_any_signature(session, signature_id, _reach):
    return session.scalars(select(Signature.enrollment_id).where(Signature.id == signature_id)).one_or_none()


def _of_any_task(session, task_id, _reach):
    return session.scalars(select(Task.entity_id).where(Task.id == task_id)).one_or_none()


MUTANTS = {
    "_enrollment_within": (applications, lambda _reach: true()),
    "enrollment_of_section": (applications, _of_any_section),
    "place_of_signature": (applications, _of_any_signature),
    "enrollment_of_task": (applications, _of_any_task),
    "own_conditions": (tasks, lambda _shape: [true()]),
    "_bases": (tasks, lambda _shape, _view: [true()]),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_whatever_query_finds_more_is_noticed(world, name):
    module, replacement = MUTANTS[name]
    tasks.forget_statements()
    with patch.object(module, name, replacement):
        assert faults(world)
    tasks.forget_statements()
