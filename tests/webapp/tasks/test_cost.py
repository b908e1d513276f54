"""What the inbox and a decision ask of the database: every further statement is a choice, not an accident."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.tables.identity.accounts import SessionRow
from tests.bench.statements import statements_of
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.pressing import page_of
from webapp.extensions import db
from webapp.tasks import task_views

INBOX, DECISION = 4, 9
SAID = "Recommended for approval."


@pytest.fixture
def task(database):
    """A review that waits."""
    story = EnrollmentStory(database)
    story.apply()
    return next(one for one in story.tasks() if one.team)


@pytest.fixture
def maria(client, database):
    make_account(database.app_engine, "maria@state.example", role=Role.REV, team="enrollment", name="Maria")
    sign_in(client, "maria@state.example")
    return client


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


def form(client, task, **typed):
    page = page_of(client)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return {
        "csrf_token": token,
        "form_token": uuid4().hex,
        "version": str(task.version),
        "outcome": "recommended",
    } | typed


def test_the_inbox_takes_four_statements(maria, task, engine):
    with statements_of(engine) as sent:
        assert f"task-{task.id.hex}" in page_of(maria, "/tasks?view=unassigned")
    assert sent.count == INBOX


def test_a_decision_takes_nine_statements(maria, task, engine):
    typed = form(maria, task)
    with statements_of(engine) as sent:
        assert maria.post(f"/tasks/{task.id}/decide", data=typed).status_code == 303
    assert sent.count == DECISION


def test_the_same_decision_again_is_said_once(maria, task):
    typed = form(maria, task)
    answers = [maria.post(f"/tasks/{task.id}/decide", data=typed) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert maria.get(answers[0].location, follow_redirects=True).text.count(SAID) == 1
    assert SAID not in page_of(maria, "/tasks")


def test_a_decision_that_is_not_kept_is_not_said(maria, task, database, monkeypatch, app):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(task_views, "address_after", lambda *_: 1 / 0)
    assert maria.post(f"/tasks/{task.id}/decide", data=form(maria, task)).status_code == 500
    with Session(database.app_engine) as session:
        kept = select(func.count()).where(SessionRow.data.has_key("_flashes"))
        assert session.scalar(kept) == 0
    refused = maria.post(f"/tasks/{task.id}/decide", data=form(maria, task, version="7"))
    assert refused.status_code == 409
    assert SAID not in refused.get_data(as_text=True)
    assert SAID not in page_of(maria, "/tasks")
