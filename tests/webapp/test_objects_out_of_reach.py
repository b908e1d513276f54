"""An object of somebody else and one that never was are answered alike, on every route that carries an id (P34, S2)."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from models.database import transaction
from models.domain.permissions import Role
from models.tables.audit import AuditRow
from models.tables.enrollment import Section, Signature
from models.tables.messages import Message
from models.tables.organizations import Organization
from models.tables.processes import Process
from models.tables.tasks import Task
from tests.enrollment_story import Story
from tests.webapp.accounts import TOKEN, make_account, sign_in

CHANGES_BY_ITSELF = re.compile(r'data-(csrf|seconds-left)="[^"]*"')
WORDS = {"step": "organization", "act": "claim"}
LIKE_MISSING = {302, 403, 404}
"""Refused, not there, or led on to the page that says so, whatever the id."""


@pytest.fixture
def strangers_things(database):
    """What another organization has: an enrollment with its sections, signatures and tasks, all by id."""
    story = Story(database)
    story.fill_in()
    with transaction(database.owner_engine) as session:
        found = {
            "enrollment_id": [story.id],
            "section_id": session.scalars(select(Section.id)).all(),
            "signature_id": session.scalars(select(Signature.id)).all(),
            "task_id": session.scalars(select(Task.id)).all(),
            "process_id": session.scalars(select(Process.id)).all(),
            "message_id": session.scalars(select(Message.id)).all(),
        }
    assert all(found.values())
    return found


@pytest.fixture
def outsider(database, client):
    """The administrator of an organization that has nothing to do with it."""
    with transaction(database.owner_engine) as session:
        organization = Organization(id=uuid4(), name="Piedmont Clinic")
        session.add(organization)
    make_account(database.app_engine, role=Role.ORG, organization=organization.id)
    sign_in(client)
    return client


def routes_with_ids(app):
    """(endpoint, method, name of the id) of every route that carries one."""
    for rule in app.url_map.iter_rules():
        names = [name for name in rule.arguments if name.endswith("_id")]
        for method in sorted(rule.methods & {"GET", "POST"}) if names else ():
            yield rule, method, names[0]


def ask(client, rule, method, name, value: UUID, token):
    words = {argument: WORDS[argument] for argument in rule.arguments - {name}}
    with client.application.test_request_context():
        address = rule.build({name: value, **words})[1]
    data = {"csrf_token": token, "form_token": uuid4().hex}
    answer = client.open(address, method=method, data=data if method == "POST" else None)
    page = answer.get_data(as_text=True).replace(str(value), "ID")
    return answer.status_code, CHANGES_BY_ITSELF.sub("", TOKEN.sub("", page))


def test_a_strangers_object_looks_like_one_that_never_was(app, database, outsider, strangers_things):
    token = dict(TOKEN.findall(outsider.get("/account").get_data(as_text=True)))["csrf_token"]
    faults, asked = [], 0
    for rule, method, name in routes_with_ids(app):
        nothing = ask(outsider, rule, method, name, uuid4(), token)
        for value in strangers_things[name]:
            asked += 1
            somebodys = ask(outsider, rule, method, name, value, token)
            if somebodys != nothing or nothing[0] not in LIKE_MISSING:
                faults.append(f"{method} {rule.rule}: {somebodys[0]}, and {nothing[0]} for nothing")
    assert asked > 20
    assert not sorted(set(faults)), sorted(set(faults))


def test_asking_for_what_is_not_ones_own_changes_nothing_and_is_written_down(app, database, outsider, strangers_things):
    token = dict(TOKEN.findall(outsider.get("/account").get_data(as_text=True)))["csrf_token"]
    before = audit_rows(database)
    asked = 0
    for rule, method, name in routes_with_ids(app):
        status, _page = ask(outsider, rule, method, name, strangers_things[name][0], token)
        asked += status in {403, 404}
    after = audit_rows(database)
    assert {outcome: after[outcome] - before.get(outcome, 0) for outcome in after} == {"done": 0, "denied": asked}


def audit_rows(database):
    with transaction(database.owner_engine) as session:
        counted = select(AuditRow.outcome, func.count()).group_by(AuditRow.outcome)
        return dict(session.execute(counted).all())
