"""The inbox in a browser without JavaScript: views, taking, the lost race, take next, the quiet news."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.domain.core.actors import person
from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import TaskKind
from models.store.core.act import Act
from models.store.core.tasks import claim_task
from models.tables.core.audit import AuditRow
from models.tables.core.tasks import Task
from tests import tasks_data as data
from tests.webapp.accounts import TOKEN, make_account, sign_in
from tests.webapp.pressing import page_of, press

TEAM = "enrollment"
TITLE = "Review enrollment: Blue Ridge Family Practice, 3 locations"


@pytest.fixture
def maria(database):
    return make_account(database.app_engine, "maria@state.example", role=Role.REV, team=TEAM, name="Maria Lopez")


@pytest.fixture
def john(database):
    return make_account(database.app_engine, "john@state.example", role=Role.REV, team=TEAM, name="John Smith")


@pytest.fixture
def add(database):
    """Adds tasks, committed."""

    def make(**values):
        with Session(database.app_engine, expire_on_commit=False) as session:
            task = data.task(session, data.organization(session), **values)
            session.commit()
            return task

    return make


@pytest.fixture
def as_maria(client, maria):
    sign_in(client, "maria@state.example")
    return client


def row_of(database, task_id):
    with Session(database.app_engine) as session:
        return session.get_one(Task, task_id)


def hold(database, task, account_id):
    with Session(database.app_engine) as session:
        claim_task(Act(session, person(account_id), uuid4().hex), task_id=task.id, version=None)
        session.commit()


def test_the_four_groups_stand_in_their_order_with_what_is_asked(as_maria, add):
    for days in (9, 1, -1, -5):
        add(due=timedelta(days=days))
    page = page_of(as_maria, "/tasks?view=unassigned")
    titles = re.findall(r'class="cvms-section-title" id="group-\w+">([^<]+)<', page)
    assert titles == ["Critically overdue", "Overdue", "Due soon", "Not due yet"]
    assert page.count(TITLE) == 4
    for words in ("5 days overdue", "1 day overdue", "Due tomorrow", "Due in 9 days", "ENR-TEST"):
        assert words in page


def test_empty_views_say_what_to_do(as_maria):
    assert "You have no tasks" in page_of(as_maria)
    assert "All done" in page_of(as_maria, "/tasks?view=unassigned")
    assert "Nothing yet" in page_of(as_maria, "/tasks?view=done")
    assert "No task with this due date" in page_of(as_maria, "/tasks?view=team&due=overdue")


@pytest.mark.parametrize("query", ["view=nonsense", "due=nonsense", "after=nonsense", "view=team&after=1.zz&due="])
def test_an_address_that_means_nothing_shows_the_first_page(as_maria, query):
    assert as_maria.get(f"/tasks?{query}").status_code == 200


def test_the_filter_stands_in_the_address_and_holds_in_the_other_views(as_maria, add):
    add(due=timedelta(days=-1))
    add(due=timedelta(days=9))
    page = page_of(as_maria, "/tasks?view=unassigned&due=overdue")
    assert page.count(TITLE) == 1
    assert "view=team&amp;due=overdue" in page


def test_a_long_list_goes_on_by_key(as_maria, add):
    made = {add().id for _ in range(27)}
    first = page_of(as_maria, "/tasks?view=unassigned")
    following = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    assert "after=" in following
    second = page_of(as_maria, following)
    shown = re.findall(r'id="task-(\w+)"', first + second)
    assert len(shown) == 27
    assert {uuid.hex for uuid in made} == set(shown)
    assert "Back to the first page" in second


def test_taking_a_task_leads_to_it_and_gives_it_to_nobody_else(as_maria, maria, add, database):
    task = add()
    answer = press(as_maria, page_of(as_maria, "/tasks?view=unassigned"), f"/tasks/{task.id}/claim")
    assert (answer.status_code, answer.location) == (303, f"/tasks/{task.id}")
    found = row_of(database, task.id)
    assert (found.status, found.assignee_id) == ("claimed", maria)
    assert "Assigned to you" in page_of(as_maria)


def test_the_slower_hears_who_and_when_and_the_list_stays(as_maria, john, add, database):
    task, other = add(), add()
    page = page_of(as_maria, "/tasks?view=unassigned")
    hold(database, task, john)
    answer = press(as_maria, page, f"/tasks/{task.id}/claim")
    text_of = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "John Smith took this a moment ago." in text_of
    assert f"task-{other.id.hex}" in text_of
    with Session(database.app_engine) as session:
        tries = session.scalars(select(AuditRow).where(AuditRow.object_id == task.id, AuditRow.outcome == "refused"))
        assert [row.action for row in tries] == ["task.claim"]


def test_a_claim_that_has_ended_can_be_taken(as_maria, maria, john, add, database):
    task = add()
    hold(database, task, john)
    with database.app_engine.begin() as connection:
        connection.execute(text("UPDATE tasks SET claim_ends_at = db_now()"))
    answer = press(as_maria, page_of(as_maria, "/tasks?view=unassigned"), f"/tasks/{task.id}/claim")
    assert answer.status_code == 303
    assert row_of(database, task.id).assignee_id == maria


def test_take_next_takes_the_most_urgent_that_is_not_closed_to_me(as_maria, maria, john, add, database):
    add(due=timedelta(days=-9), kind=TaskKind.APPROVE_ENROLLMENT, excluded=[maria])
    hold(database, add(due=timedelta(days=-8)), john)
    urgent = add(due=timedelta(days=-1))
    add(due=timedelta(days=4))
    add(due=None)
    answer = press(as_maria, page_of(as_maria), "/tasks/next")
    assert answer.location == f"/tasks/{urgent.id}"
    assert row_of(database, urgent.id).assignee_id == maria


def test_take_next_with_nothing_to_take_says_so(as_maria):
    answer = press(as_maria, page_of(as_maria), "/tasks/next")
    assert answer.location == "/tasks?view=mine"
    assert "Nothing waits for you" in page_of(as_maria, answer.location)


def test_pressing_twice_takes_one_task(as_maria, add, database):
    add()
    add()
    page = page_of(as_maria)
    first, second = press(as_maria, page, "/tasks/next"), press(as_maria, page, "/tasks/next")
    assert first.location == second.location
    with Session(database.app_engine) as session:
        assert len(list(session.scalars(select(Task).where(Task.status == "claimed")))) == 1


def new_tasks_address(page):
    return re.search(r'hx-get="([^"]+)"', page).group(1).replace("&amp;", "&")


POLL = {"X-CVMS-Poll": "1", "HX-Request": "true"}


def test_new_tasks_are_announced_once(as_maria, add):
    add()
    address = new_tasks_address(page_of(as_maria))
    assert as_maria.get(address, headers=POLL).status_code == 204
    add()
    first = as_maria.get(address, headers=POLL)
    assert first.status_code == 200
    assert "1 new task" in first.get_data(as_text=True)
    assert as_maria.get(address, headers={**POLL, "If-None-Match": first.headers["ETag"]}).status_code == 304
    add()
    assert "2 new tasks" in as_maria.get(address, headers={**POLL, "If-None-Match": first.headers["ETag"]}).text


@pytest.mark.parametrize("since", ["", "x", "2026-01-01", "2026-01-01T00:00:00"])
def test_news_since_no_moment_are_none(as_maria, since):
    assert as_maria.get(f"/tasks/news?since={since}", headers=POLL).status_code == 204


def last_seen(database):
    with database.app_engine.connect() as connection:
        return connection.execute(text("SELECT max(last_seen_at) FROM sessions WHERE ended_at IS NULL")).scalar_one()


def test_asking_for_news_does_not_keep_the_session_alive(as_maria, database):
    address = new_tasks_address(page_of(as_maria))
    before = last_seen(database)
    database.shift_clock("5 minutes")
    assert as_maria.get(address, headers=POLL).status_code == 204
    assert last_seen(database) == before
    database.shift_clock("16 minutes")
    answer = as_maria.get(address, headers=POLL)
    assert (answer.status_code, answer.data) == (401, b"")
    assert "HX-Redirect" not in answer.headers


def test_a_task_out_of_sight_is_answered_like_a_missing_one(client, database, add):
    organization = add().org_id
    make_account(database.app_engine, "ana@org.example", role=Role.ORG, organization=organization)
    foreign = add(kind=TaskKind.SUBMIT_ENROLLMENT)
    sign_in(client, "ana@org.example")
    tokens = dict(TOKEN.findall(page_of(client)))
    for act in ("claim", "release", "decide"):
        answers = [client.post(f"/tasks/{task_id}/{act}", data=tokens) for task_id in (foreign.id, uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert client.get(f"/tasks/{foreign.id}").status_code == 404
    assert client.get("/tasks/nonsense").status_code == 404


def test_an_administrator_has_the_tasks_of_the_own_organization(client, database, add):
    task = add(kind=TaskKind.SUBMIT_ENROLLMENT)
    make_account(database.app_engine, "ana@org.example", role=Role.ORG, organization=task.org_id)
    sign_in(client, "ana@org.example")
    page = page_of(client)
    assert "Your turn" in page
    assert "Send the enrollment: Blue Ridge Family Practice" in page
    assert "Take next" not in page
    assert client.get(f"/tasks/{task.id}").location == f"/enrollment/{task.entity_id}"


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/tasks").status_code == 302
