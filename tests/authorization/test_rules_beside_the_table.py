"""What a table of roles cannot say, tried through the pages (S39): whose decision it is, and who was there before."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from models.domain.core.actors import SYSTEM, person
from models.domain.core.permissions import Role, ScopeType
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import SectionKind
from models.postgres.database import transaction
from models.queries.core.involvement import involved_organizations
from models.queries.core.teams import members_for
from models.store.core.act import Act
from models.store.core.tasks import claim_task
from models.store.identity.grants import end_grant, grant_role
from models.tables.core.audit import AuditRow
from models.tables.core.tasks import Task
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import TOKEN, make_account, sign_in

REVIEWER = "maria@state.example"
LONG_AGO = "365 days 1 minute"
WITHIN_A_YEAR = "364 days 23 hours"


@pytest.fixture
def story(database):
    """An enrollment that waits for its review."""
    found = EnrollmentStory(database)
    found.apply()
    return found


@pytest.fixture
def reviewer(database):
    return make_account(database.app_engine, REVIEWER, role=Role.REV, team="enrollment", name="Maria")


def review(story):
    return story.tasks(TaskKind.REVIEW_ENROLLMENT)[0]


def once_held(story, account_id, role, ended):
    """A grant at the applicant's organization that ended so long ago; None: it is live."""
    section = story.section(SectionKind.B)
    at_location = role in {Role.LOC, Role.COO}
    scope = {"role": role, "scope_type": ScopeType.LOCATION if at_location else ScopeType.ORGANIZATION}
    scope["scope_id"] = section.location_id if at_location else section.org_id
    made = {"account_id": account_id, **scope, "because": "test"}
    with transaction(story.database.app_engine) as session:
        grant_role(Act(session, SYSTEM, uuid4().hex), **made, org_id=section.org_id)
        if ended:
            end_grant(Act(session, SYSTEM, uuid4().hex), **made)
    if ended:
        with story.database.owner_engine.begin() as connection:
            moved = "UPDATE grants SET ended_at = db_now() - cast(:ago AS interval) WHERE ended_at IS NOT NULL"
            connection.execute(text(moved), {"ago": ended})


def in_browser(site, email=REVIEWER):
    client = site.test_client()
    assert sign_in(client, email).status_code == 303
    token = dict(TOKEN.findall(client.get("/account").get_data(as_text=True)))["csrf_token"]

    def send(address, **values):
        return client.post(address, data={"csrf_token": token, "form_token": uuid4().hex, **values})

    client.send = send
    return client


def refusals(database, account_id):
    """What was refused to a person, by the audit trail."""
    with transaction(database.owner_engine) as session:
        rows = select(AuditRow).where(AuditRow.actor_id == account_id, AuditRow.outcome.in_(("denied", "refused")))
        return [row.action for row in session.scalars(rows.order_by(AuditRow.id))]


def refused_everywhere(story, site, reviewer):
    """Neither taken, nor taken next, nor decided once held, nor handed over; every refusal is written down."""
    task, client = review(story), in_browser(site)
    assert client.send(f"/tasks/{task.id}/claim").status_code == 403
    assert client.send("/tasks/next").status_code == 303
    assert [row.assignee_id for row in story.tasks()] == [None]
    hold(story, task, reviewer)
    answer = client.send(f"/tasks/{task.id}/decide", outcome="recommended", version=str(review(story).version))
    assert answer.status_code == 403
    assert [row.status for row in story.tasks()] == ["claimed"]
    assert reviewer not in {one.account_id for one in story.read(lambda session: members_for(session, task.id))}
    assert refusals(story.database, reviewer) == ["task.claim_or_release", "task.decide"]


def hold(story, task, account_id):
    """As if it had been taken before there was anything against it."""
    with story.database.owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE tasks SET assignee_id = :who, status = 'claimed', claimed_at = db_now() WHERE id = :task"),
            {"who": account_id, "task": task.id},
        )


@pytest.mark.parametrize(("role", "ended"), [(Role.ORG, None), (Role.ORG, WITHIN_A_YEAR), (Role.COO, WITHIN_A_YEAR)])
def test_whoever_held_a_role_there_within_twelve_months_decides_nothing(database, story, site, reviewer, role, ended):
    once_held(story, reviewer, role, ended)
    refused_everywhere(story, site, reviewer)


def test_after_twelve_months_it_is_over(database, story, site, reviewer):
    once_held(story, reviewer, Role.ORG, LONG_AGO)
    task, client = review(story), in_browser(site)
    assert story.read(lambda session: involved_organizations(session, reviewer)) == frozenset()
    assert client.send("/tasks/next").location == f"/tasks/{task.id}"
    version = str(review(story).version)
    assert client.send(f"/tasks/{task.id}/decide", outcome="recommended", version=version).status_code == 303
    assert refusals(database, reviewer) == []


def test_a_role_at_another_organization_is_nothing_against_it(database, story, site, reviewer):
    other = EnrollmentStory(database, email="ben@piedmont.example")
    other.list_location("Site", "cara@piedmont.example")
    once_held(other, reviewer, Role.ORG, None)
    assert in_browser(site).send(f"/tasks/{review(story).id}/claim").status_code == 303


def test_a_role_that_ends_while_the_task_is_held_ends_the_decision_too(database, story, site, reviewer):
    """The page was open already; the next request counts (S4, P35)."""
    task, client = review(story), in_browser(site)
    assert client.send(f"/tasks/{task.id}/claim").status_code == 303
    with transaction(database.app_engine) as session:
        end_grant(
            Act(session, SYSTEM, uuid4().hex),
            account_id=reviewer,
            role=Role.REV,
            scope_type=ScopeType.TEAM,
            scope_id="enrollment",
            because="left",
        )
    version = str(review(story).version)
    assert client.send(f"/tasks/{task.id}/decide", outcome="recommended", version=version).status_code == 404
    assert client.get(f"/tasks/{task.id}").status_code == 404
    assert [row.status for row in story.tasks()] == ["open"], "the claim is free at once (A16)"


def test_the_second_person_is_not_the_first_through_the_pages_either(database, story, site, reviewer):
    """Rule 2; and rule 10: what is decided is not decided again."""
    first, client = review(story), in_browser(site)
    with transaction(database.app_engine) as session:
        claim_task(Act(session, person(reviewer), uuid4().hex), task_id=first.id, version=None)
    story.decide(reviewer, Outcome.RECOMMENDED)
    [second] = story.tasks(TaskKind.APPROVE_ENROLLMENT)
    assert client.send(f"/tasks/{second.id}/claim").status_code == 403
    answer = client.send(f"/tasks/{second.id}/decide", outcome="approved", version=str(second.version))
    assert answer.status_code == 403
    assert refusals(database, reviewer) == ["task.claim_or_release", "task.decide"]
    again = client.send(f"/tasks/{first.id}/decide", outcome="denied", reason="no", version=str(first.version))
    assert again.status_code in {403, 409}
    with transaction(database.owner_engine) as session:
        kept = dict(session.execute(select(Task.kind, Task.outcome).where(Task.team == "enrollment")).all())
    assert kept == {TaskKind.REVIEW_ENROLLMENT: "recommended", TaskKind.APPROVE_ENROLLMENT: None}
