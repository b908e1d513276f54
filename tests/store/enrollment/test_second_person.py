"""The second person is never the first, nor anybody to whom the first gave rights (S39, rule 2)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from models.domain.core.actors import person
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.postgres.database import transaction
from models.queries.core.teams import members_for
from models.store.core.act import Act
from models.store.identity.grants import end_grant, grant_role
from tests.enrollment_story import EnrollmentStory

TEAM = {"role": Role.REV, "scope_type": ScopeType.TEAM, "scope_id": "enrollment"}


@pytest.fixture
def submitted(database):
    story = EnrollmentStory(database)
    story.apply()
    return story


def make_reviewer_by(story, giver):
    """Somebody whose role of a reviewer was given by `giver`."""
    friend = story.account("friend@state.example", role=Role.REV)
    with transaction(story.database.app_engine) as session:
        end_grant(Act(session, person(giver), uuid4().hex), account_id=friend, **TEAM, because="test")
        grant_role(Act(session, person(giver), uuid4().hex), account_id=friend, **TEAM, org_id=None, because="test")
    return friend


def candidates(story):
    task = story.tasks(TaskKind.APPROVE_ENROLLMENT)[0]
    return {member.account_id for member in story.read(lambda session: members_for(session, task.id))}


def test_whom_the_reviewer_gave_rights_is_no_second_person(submitted):
    reviewer, other = submitted.reviewer(), submitted.reviewer("other@state.example")
    friend = make_reviewer_by(submitted, reviewer)
    submitted.decide(reviewer, Outcome.RECOMMENDED)
    assert candidates(submitted) == {other}
    with pytest.raises(RuleViolation) as refused:
        submitted.decide(friend, Outcome.APPROVED)
    assert refused.value.code == "second_person"
    submitted.decide(other, Outcome.APPROVED)


def test_rights_that_the_reviewer_gave_meanwhile_count_too(submitted):
    reviewer = submitted.reviewer()
    submitted.decide(reviewer, Outcome.RECOMMENDED)
    friend = make_reviewer_by(submitted, reviewer)
    with pytest.raises(RuleViolation) as refused:
        submitted.decide(friend, Outcome.APPROVED)
    assert refused.value.code == "second_person"
