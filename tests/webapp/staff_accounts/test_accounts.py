"""Administrators' pages of accounts: found, invited, given roles, closed, reopened, reset (A16)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from markupsafe import escape
from sqlalchemy import func, select, update

from models.crypto.sealing import vault
from models.domain.core.actors import person
from models.domain.core.permissions import Role
from models.domain.core.violations import RuleViolation
from models.domain.identity.declares import LinkPurpose
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.staff import close_account
from models.tables.core.audit import AuditRow
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.core.tasks import Task
from models.tables.identity.accounts import Account, GrantRow, SessionRow
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in
from tests.webapp.pressing import page_of, press

LIST = "/staff/accounts"
INVITED = {"name": "Rosa Diaz", "email": "rosa@state.example", "language": "es", "seats": ["REV:enrollment"]}


def read(database, statement):
    with transaction(database.owner_engine) as session:
        return session.scalars(statement).all()


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def said(client, answer):
    assert answer.status_code == 303, words_of(answer.text)
    return words_of(page_of(client, answer.headers["Location"]))


def account_of(database, email):
    return read(database, select(Account).where(Account.email == email))[0]


def invite(client, **changed):
    return post(client, f"{LIST}/new", **{**INVITED, "reason": "New reviewer", **changed})


def link_in_mail(database, email):
    statement = select(Message).where(Message.to_address == email, Message.template == "account_invitation")
    message = read(database, statement.order_by(Message.created_at.desc()))[0]
    return re.search(r"/account/invitation/[\w-]+", vault().open(message.sealed).decode()).group()


def test_the_list_finds_people_by_name_address_role_and_state(ada, maria):
    every = page_of(ada, LIST)
    assert "Maria Lopez" in every
    assert "Enrollment reviewer, the enrollment team" in every
    for query in ("q=mar", "q=MARIA@STATE", "role=REV", "state=active&q=lopez"):
        found = page_of(ada, f"{LIST}?{query}")
        assert "Maria Lopez" in found
        assert f"{LIST}/{ada.ada_id}" not in found
    for query in ("q=%25", "q=nobody", "role=SUP", "state=disabled"):
        assert "No account found" in page_of(ada, f"{LIST}?{query}")
    assert "Maria Lopez" in page_of(ada, f"{LIST}?role=nonsense&state=x&after=y")


def test_a_long_list_goes_by_key(ada, database):
    for number in range(26):
        make_account(database.app_engine, f"one{number}@example.org", name=f"Person {number:02}")
    first = page_of(ada, LIST)
    following = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    second = page_of(ada, following)
    names = re.findall(r"Person \d\d", first) + re.findall(r"Person \d\d", second)
    assert len(set(names)) == len(names) == 26
    assert "Back to the first page" in second


def test_an_invited_person_sets_a_password_and_has_the_roles(ada, app, database):
    page = said(ada, invite(ada))
    assert "We sent an invitation to rosa@state.example. Next: the person chooses a password within 48 hours" in page
    assert "Invited. The link in the email works until" in page
    answer = post(app.test_client(), link_in_mail(database, INVITED["email"]), password="nine loud ravens walking")
    assert answer.status_code == 303
    assert account_of(database, INVITED["email"]).status == "active"
    assert [row.role for row in read(database, select(GrantRow).where(GrantRow.granted_because == "New reviewer"))] == [
        Role.REV
    ]


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"email": "no address"}, 422, "Enter an email address"),
        ({"email": "ADA@state.example"}, 422, escape("There's already an account with this email address.")),
        ({"seats": []}, 422, "Choose at least one role."),
        ({"seats": ["ORG:"]}, 422, "There is a problem"),
        ({"seats": ["ADM:", "REV:enrollment"]}, 409, "have another role"),
        ({"reason": " "}, 422, "Enter a reason."),
    ],
)
def test_a_wrong_invitation_says_why_and_makes_nothing(ada, database, changed, status, words):
    answer = invite(ada, **changed)
    assert answer.status_code == status
    assert words in words_of(answer.text)
    assert not read(database, select(Account).where(Account.email == INVITED["email"]))


def test_an_invitation_is_sent_again_and_canceled(ada, app, database):
    page = page_of(ada, invite(ada).headers["Location"])
    first = link_in_mail(database, INVITED["email"])
    address = f"{LIST}/{account_of(database, INVITED['email']).id}"
    assert "We sent an invitation" in said(ada, press(ada, page, f"{address}/invitation"))
    second = link_in_mail(database, INVITED["email"])
    assert first != second
    assert app.test_client().get(first).status_code == 410
    assert app.test_client().get(second).status_code == 200
    assert "is closed" in said(ada, post(ada, f"{address}/close", reason="Took another job"))
    assert app.test_client().get(second).status_code == 410
    assert "We sent a new invitation" in said(ada, post(ada, f"{address}/reopen", reason="Came after all"))
    assert app.test_client().get(link_in_mail(database, INVITED["email"])).status_code == 200


def test_A16_closing_an_account_frees_its_claims_and_ends_sessions_and_links_at_once(ada, maria, database, app):
    story = EnrollmentStory(database)
    story.apply()
    task = next(one for one in story.tasks() if one.team)
    assert press(maria, page_of(maria), "/tasks/next").status_code == 303
    post(app.test_client(), "/account/forgot", email="maria@state.example")
    address = f"{LIST}/{maria.account_id}"
    assert "Review enrollment" in words_of(page_of(ada, address))
    page = said(ada, post(ada, f"{address}/close", reason="Left on Friday"))
    assert "The account of Maria Lopez is closed, and every session has ended. 1 task went back to the team." in page
    assert "Left on Friday" in page
    freed = read(database, select(Task).where(Task.id == task.id))[0]
    assert (freed.status, freed.assignee_id, freed.claim_ends_at) == ("open", None, None)
    assert maria.get("/tasks").status_code == 302
    live = (
        select(func.count())
        .select_from(Link)
        .where(Link.purpose == LinkPurpose.RESET_PASSWORD, Link.revoked_at.is_(None))
    )
    assert read(database, live) == [0]
    open_ones = select(SessionRow).where(SessionRow.account_id == maria.account_id, SessionRow.ended_at.is_(None))
    assert not read(database, open_ones)
    rows = {row.action: row for row in read(database, select(AuditRow).where(AuditRow.actor_id == ada.ada_id))}
    assert rows["account.disable"].detail == {"because": "Left on Friday", "claims": 1}
    assert rows["task.free"].object_id == task.id
    john = app.test_client()
    make_account(database.app_engine, "john@state.example", role=Role.REV, team="enrollment", name="John")
    sign_in(john, "john@state.example")
    assert press(john, page_of(john), "/tasks/next").headers["Location"].endswith(str(task.id))


def test_A16_ending_a_role_frees_what_was_claimed_with_it(ada, maria, database):
    EnrollmentStory(database).apply()
    press(maria, page_of(maria), "/tasks/next")
    page = said(ada, post(ada, f"{LIST}/{maria.account_id}/roles/end", seat="REV:enrollment", reason="Moved"))
    assert "Tasks taken with it are back with the team." in page
    assert not read(database, select(Task).where(Task.assignee_id.is_not(None)))
    assert 'id="task-' not in page_of(maria, "/tasks")
    given = post(ada, f"{LIST}/{maria.account_id}/roles/give", seat="SUP:enrollment", reason="Leads the team now")
    page = said(ada, given)
    assert "Gave a role: Supervisor, the enrollment team" in page
    assert "Leads the team now" in page


def test_a_reopened_account_signs_in_as_before(ada, maria, app):
    address = f"{LIST}/{maria.account_id}"
    post(ada, f"{address}/close", reason="On leave")
    assert sign_in(app.test_client(), "maria@state.example").status_code != 303
    assert "Next: the person signs in" in said(ada, post(ada, f"{address}/reopen", reason="Back"))
    back = post(app.test_client(), "/sign-in", email="maria@state.example", password=PASSWORD)
    assert back.headers["Location"].startswith("/account/second-factor")


@pytest.mark.parametrize(
    ("act", "typed"), [("close", {}), ("roles/give", {"seat": "AUD:"}), ("roles/end", {"seat": "ADM:"})]
)
def test_nobody_does_it_to_the_own_account(ada, database, act, typed):
    answer = post(ada, f"{LIST}/{ada.ada_id}/{act}", reason="x", **typed)
    assert answer.status_code == 409
    assert "Ask another administrator" in words_of(answer.text)
    assert [row.role for row in read(database, select(GrantRow).where(GrantRow.account_id == ada.ada_id))] == [Role.ADM]


def test_one_administrator_closes_the_other_and_never_the_last(ada, database):
    other = make_account(database.app_engine, "bea@state.example", role=Role.ADM, name="Bea")
    assert "is closed" in said(ada, post(ada, f"{LIST}/{other}/close", reason="Left"))
    with transaction(database.app_engine) as session, pytest.raises(RuleViolation) as refused:
        close_account(Act(session, person(other), "x"), account_id=ada.ada_id, because="revenge")
    assert refused.value.code == "last_administrator"


def test_a_lost_second_step_is_reset_and_the_owner_told(ada, maria, app, database):
    page = said(ada, post(ada, f"{LIST}/{maria.account_id}/second-step", reason="Lost phone, called back"))
    assert "Next: they sign in with the password and set up a new second step." in page
    assert "Not set up" in page
    assert read(database, select(Message.template).where(Message.template == "second_factor_removed"))
    maria_again = app.test_client()
    assert "second-factor" in sign_in(maria_again, "maria@state.example").headers["Location"]
    assert "set-up" in maria_again.get("/account/second-factor").headers["Location"]
    again = post(ada, f"{LIST}/{maria.account_id}/second-step", reason="Again")
    assert again.status_code == 409


def test_an_account_of_an_applicant_gets_no_role_of_state_staff(ada, database):
    story = EnrollmentStory(database)
    answer = post(ada, f"{LIST}/{story.admin}/roles/give", seat="REV:enrollment", reason="x")
    assert answer.status_code == 409
    assert "for state staff" in words_of(answer.text)


def test_an_old_proof_is_asked_for_again_before_a_dangerous_act(ada, maria, database):
    with database.owner_engine.begin() as connection:
        connection.execute(update(SessionRow).values(proved_at=func.db_now() - timedelta(hours=1)))
    for act in ("close", "reopen", "roles/give", "roles/end", "second-step"):
        answer = ada.get(f"{LIST}/{maria.account_id}/{act}")
        assert answer.headers["Location"].startswith("/account/confirm?next=")
    assert ada.get(f"{LIST}/{maria.account_id}").status_code == 200


def test_pressing_twice_closes_once(ada, maria, database):
    address = f"{LIST}/{maria.account_id}/close"
    page = page_of(ada, address)
    assert [press(ada, page, address, reason="Left").status_code for _ in range(2)] == [303, 303]
    assert len(read(database, select(AuditRow).where(AuditRow.action == "account.disable"))) == 1
