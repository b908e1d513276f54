"""Each role begins where its work is: the team's lead with what is late, a reviewer with what is next (U8)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.tables.core.tasks import Task
from tests import tasks_data as data
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.pressing import page_of, press


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def comes(app, database):
    """Somebody with a role signs in; the browser, and the address that it lands on."""

    def come(role, name, team="enrollment"):
        email = f"{name.lower()}@state.example"
        make_account(database.app_engine, email, role=role, team=team, name=name)
        browser = app.test_client()
        return browser, sign_in(browser, email).headers["Location"]

    return come


@pytest.fixture
def tasks(database):
    """A task eight days late, one due tomorrow, and one due in a month."""
    with Session(database.app_engine, expire_on_commit=False) as session:
        org = data.organization(session)
        found = [data.task(session, org, due=timedelta(days=days)) for days in (-8, 1, 30)]
        session.commit()
        return found


@pytest.mark.parametrize(
    ("role", "team", "home", "menu"),
    [
        (Role.REV, "enrollment", "/tasks", ["Inbox"]),
        (Role.SUP, "enrollment", "/tasks/team", ["Your team", "Inbox"]),
        (Role.ADM, None, "/staff/system", ["System", "Accounts"]),
        (Role.AUD, None, "/account", []),
    ],
)
def test_U8_each_role_lands_on_its_home_and_every_entry_of_the_menu_opens(comes, role, team, home, menu):
    browser, landed = comes(role, "Sam", team)
    assert landed == home
    page = page_of(browser, home)
    entries = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>\s*([^<]+?)\s*</a>', page[: page.index("<main")])
    led = {words: address for address, words in entries}
    assert [words for words in led if words in {"Inbox", "System", "Accounts", "Your team"}] == menu
    assert all(browser.get(led[words]).status_code == 200 for words in menu)


def test_U8_a_supervisor_sees_what_is_late_and_who_holds_what(comes, tasks, database):
    maria, _home = comes(Role.REV, "Maria")
    press(maria, page_of(maria), "/tasks/next")
    sam, home = comes(Role.SUP, "Sam")
    page = page_of(sam, home)
    words = words_of(page)
    assert "1 task is overdue. Tasks with the team: 3." in words
    assert f'href="/tasks/{tasks[0].id}"' in page
    assert "8 days overdue" in words
    assert re.search(r"Unassigned 0 0 1 1 2 .* Maria 1 0 0 0 1 ", words)
    with database.owner_engine.begin() as connection:
        connection.execute(update(Task).values(claim_ends_at=func.db_now() - timedelta(hours=1)))
    assert re.search(r"Unassigned 1 0 1 1 3 ", words_of(page_of(sam, home)))


def test_U8_a_reviewer_with_nothing_in_hand_sees_what_is_most_urgent(comes, tasks):
    maria, home = comes(Role.REV, "Maria")
    page = page_of(maria, home)
    shown = [page.index(f'href="/tasks/{task.id}"') for task in tasks]
    assert shown == sorted(shown)
    assert "Take next" in words_of(page)
    press(maria, page, "/tasks/next")
    assert "Most urgent in your team" not in page_of(maria, home)


def test_a_team_without_tasks_says_so(comes):
    sam, home = comes(Role.SUP, "Sam")
    assert "Nothing is overdue. Tasks with the team: 0." in words_of(page_of(sam, home))
