"""Several people want one task at one moment: one gets it, the others hear who and when (C3, C4)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome
from models.tables.core.audit import AuditRow
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Decision
from tests import tasks_data as data
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.pressing import page_of, press

NAMES = ("Ann", "Ben", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon")
FASTER = re.compile(r"(\w+) (?:took|decided) this a moment ago")


@pytest.fixture
def people(app, database):
    """So many reviewers, each in a browser of their own."""

    def come(count):
        browsers = {}
        for name in NAMES[:count]:
            make_account(
                database.app_engine, f"{name}@state.example".lower(), role=Role.REV, team="enrollment", name=name
            )
            browsers[name] = app.test_client()
            sign_in(browsers[name], f"{name}@state.example".lower())
        return browsers

    return come


def together(presses):
    """All at once; the answers by name."""
    with ThreadPoolExecutor(len(presses)) as pool:
        asked = {name: pool.submit(one) for name, one in presses.items()}
        return {name: answer.result() for name, answer in asked.items()}


def add_task(database, **values):
    with Session(database.app_engine, expire_on_commit=False) as session:
        task = data.task(session, data.organization(session), **values)
        session.commit()
        return task


def losers_named(answers, winner):
    return {FASTER.search(answer.text).group(1) for name, answer in answers.items() if name != winner}


@pytest.mark.parametrize("count", [2, 10])
def test_one_of_many_gets_the_task_and_the_others_hear_who(people, database, count):
    browsers, task = people(count), add_task(database)
    pages = {name: page_of(one, "/tasks?view=unassigned") for name, one in browsers.items()}
    address = f"/tasks/{task.id}/claim"
    answers = together({n: lambda n=n: press(browsers[n], pages[n], address) for n in browsers})
    winners = [name for name, answer in answers.items() if answer.status_code == 303]
    assert len(winners) == 1
    assert sorted(answer.status_code for answer in answers.values()) == [303] + [409] * (count - 1)
    assert losers_named(answers, winners[0]) == {winners[0]}
    with Session(database.app_engine) as session:
        tries = session.scalars(select(AuditRow).where(AuditRow.object_id == task.id, AuditRow.action == "task.claim"))
        assert sorted(row.outcome for row in tries) == ["done"] + ["refused"] * (count - 1)


def test_many_take_the_next_task_and_each_gets_another(people, database):
    browsers = people(6)
    made = {add_task(database, due=timedelta(days=days)).id for days in range(6)}
    pages = {name: page_of(one) for name, one in browsers.items()}
    answers = together({n: lambda n=n: press(browsers[n], pages[n], "/tasks/next") for n in browsers})
    assert {answer.location for answer in answers.values()} == {f"/tasks/{task_id}" for task_id in made}
    with Session(database.app_engine) as session:
        held = session.scalars(select(Task.assignee_id).where(Task.id.in_(made)))
        assert len(set(held)) == 6


@pytest.mark.parametrize("count", [2, 5])
def test_one_of_many_decisions_counts_and_the_others_are_kept_as_tries(people, database, count):
    story = EnrollmentStory(database)
    story.apply()
    browsers, task = people(count), next(task for task in story.tasks() if task.team)
    pages = decision_pages(browsers, task, database)
    outcomes = ["recommended", "denied", "returned"] * 2
    note = {f"note_{story.section().id.hex}_zip": "Wrong ZIP"}
    typed = {name: {"outcome": one, "reason": "Why"} for name, one in zip(browsers, outcomes, strict=False)}
    for values in typed.values():
        values.update(note if values["outcome"] == "returned" else {})
    address = f"/tasks/{task.id}/decide"
    answers = together({n: lambda n=n: press(browsers[n], pages[n], address, **typed[n]) for n in browsers})
    winners = [name for name, answer in answers.items() if answer.status_code == 303]
    assert len(winners) == 1
    assert losers_named(answers, winners[0]) == {winners[0]}
    with Session(database.app_engine) as session:
        decided = list(session.scalars(select(Decision)))
        assert [row.outcome for row in decided] == [Outcome(typed[winners[0]]["outcome"])]
        tries = session.scalars(select(AuditRow).where(AuditRow.object_id == task.id, AuditRow.action == "task.decide"))
        assert [row.outcome for row in tries] == ["refused"] * (count - 1)


def decision_pages(browsers, task, database):
    """The page with the form for each of them: every one had the task in hand for a moment."""
    pages = {}
    for name, browser in browsers.items():
        address = f"/tasks/{task.id}"
        press(browser, page_of(browser, address), f"{address}/claim")
        pages[name] = page_of(browser, address)
        with database.app_engine.begin() as connection:
            connection.execute(
                text("UPDATE tasks SET status = 'open', assignee_id = NULL, version = 1 WHERE id = :id"),
                {"id": task.id},
            )
    return {name: page.replace('name="version" value="2"', 'name="version" value="1"') for name, page in pages.items()}
