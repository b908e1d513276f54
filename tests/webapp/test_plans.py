"""No request gets slower with what the years leave behind: its statements read by index, and few rows each."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome
from models.domain.enrollment.review import FieldNote
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.core.audit import seal_new_rows
from models.store.identity.passkeys import add_passkey
from models.store.identity.recovery_codes import make_recovery_codes
from tests.copies import multiply
from tests.enrollment_story import SECTION_A
from tests.plans import Read, plans_of, too_wide
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.applicants import STEPS, browser, save_page, story_of
from tests.webapp.pressing import page_of, press
from webapp.extensions import db

ROWS, MOST = 6_000, 400
"""Rows of a table that grows, and how many of them one scan may read."""
RARE = frozenset({"delivery_attempts", "return_replies"})
"""Tables that only the worker writes into, or that only a returned enrollment has rows in."""
CANCEL_BY_SUBJECT_ALONE = """
UPDATE deadlines SET cancelled_at = db_now()
WHERE subject_id = gen_random_uuid() AND fired_at IS NULL AND cancelled_at IS NULL"""
"""What every decision once sent: it read the open deadlines of all processes."""
MARIA, BEN = "maria@state.example", "ben@oak.example"


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


@pytest.fixture
def story(database, app):
    """A review that waits among masses of everything, and a second enrollment that is being filled in."""
    maria = make_account(database.app_engine, MARIA, role=Role.REV, team="enrollment", name="Maria")
    reviewed = story_of(database)
    reviewed.apply()
    section = reviewed.section().id
    reviewed.decide(maria, Outcome.RETURNED, notes=[FieldNote(section, "legal_name", "Please write it out.")])
    reviewed.save(section, SECTION_A | {"legal_name": "Blue Ridge Family Practice, Inc."})
    reviewed.complete(section)
    reviewed.process()
    reviewed.sign_all()
    reviewed.submit()
    reviewed.process()
    filled_in = story_of(database, email=BEN)
    step, names = next(iter(STEPS["A"].items()))
    place = f"/enrollment/sections/{filled_in.section().id}/{step}"
    assert save_page(browser(app, BEN), place, {name: SECTION_A.get(name, "") for name in names}).status_code == 303
    with transaction(database.app_engine) as session:
        act = Act(session, SYSTEM, uuid4().hex)
        make_recovery_codes(act, account_id=maria)
        add_passkey(act, account_id=maria, credential_id=b"key", public_key=b"key", sign_count=0, name="key")
    with transaction(database.worker_engine) as session:
        seal_new_rows(session)
    with database.owner_engine.begin() as connection:
        connection.execute(text("UPDATE deadlines SET fired_at = NULL, cancelled_at = NULL"))
    return reviewed, filled_in


def work_of_staff(client, task):
    """Sign in, look through the inbox, take the task, decide it and go on."""
    sign_in(client, MARIA)
    for view in ("mine", "unassigned", "team", "done"):
        assert client.get(f"/tasks?view={view}").status_code == 200
    client.get("/tasks/news?since=2026-01-01T00:00:00%2B00:00")
    page = page_of(client, f"/tasks/{task.id}")
    assert press(client, page, f"/tasks/{task.id}/claim").status_code == 303
    page = page_of(client, f"/tasks/{task.id}")
    answer = press(client, page, f"/tasks/{task.id}/decide", outcome="recommended", reason="")
    assert answer.status_code == 303
    client.get(answer.location, follow_redirects=True)


def work_of_applicant(client, email, story):
    """Sign in, and fill in a page of a section."""
    sign_in(client, email)
    assert client.get("/", follow_redirects=True).status_code == 200
    assert client.get(f"/enrollment/{story.id}").status_code == 200
    place = f"/enrollment/sections/{story.section().id}"
    client.get(place, follow_redirects=True)


def test_no_statement_reads_much_of_a_table_that_grows(app, database, server, engine, story):
    reviewed, filled_in = story
    task = next(one for one in reviewed.tasks() if one.team)
    sizes = multiply(database.owner_engine, rows=ROWS, besides=RARE)
    with plans_of(database, server, engine) as reads:
        work_of_staff(app.test_client(), task)
        work_of_applicant(app.test_client(), BEN, filled_in)
    assert {"tasks", "sessions", "audit", "news", "deadlines", "form_answers"} <= {read.table for read in reads}
    found = too_wide(reads, sizes, most=MOST)
    assert not found, "\n".join(sorted(set(map(str, found))))


def test_a_scan_of_everything_is_seen(database, server, engine, story):
    """Without an index for it, and also inside a message that carries other statements."""
    sizes = multiply(database.owner_engine, rows=ROWS, besides=RARE)
    with plans_of(database, server, engine) as reads, engine.begin() as connection:
        connection.execute(text(f"SELECT 1; {CANCEL_BY_SUBJECT_ALONE}; SELECT 2"))
        connection.execute(text("SELECT count(*) FROM (SELECT FROM tasks ORDER BY id LIMIT 1000) AS first"))
    assert {read.table for read in too_wide(reads, sizes, most=MOST)} == {"deadlines", "tasks"}


def test_what_is_too_wide():
    reads = [Read("tasks", "Seq Scan", 1, ""), Read("tasks", "Index Scan", 10, ""), Read("news", "Index Scan", 11, "")]
    assert too_wide(reads, {"tasks": 100, "news": 100}, most=10) == [reads[0], reads[2]]
    assert too_wide(reads, {"tasks": 10, "news": 10}, most=10) == []
