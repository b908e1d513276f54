"""Who may act on a task, and how urgent it is: the tables of the rules."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from models.domain.core.calendar.service_hours import BusinessCalendar
from models.domain.core.permissions import Grant, Principal, Role, ScopeType
from models.domain.core.tasks import Candidates, Refusal, Urgency, may_act, refusal, soon_until, urgency

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
OFFICE = BusinessCalendar(time(8), time(17), frozenset(range(5)), frozenset())
ORG, OTHER_ORG, LOCATION, ME = uuid4(), uuid4(), uuid4(), uuid4()
REVIEWER = Grant(Role.REV, ScopeType.TEAM, "enrollment")
TEAM_TASK = Candidates(Role.REV, team="enrollment", org_id=ORG)
ORG_TASK = Candidates(Role.ORG, org_id=ORG, location_id=LOCATION)
LOCATION_TASK = Candidates(Role.COO, org_id=ORG, location_id=LOCATION)


def principal(*grants: Grant) -> Principal:
    return Principal(ME, "Maria", "maria@example.org", "en", grants)


@pytest.mark.parametrize(
    ("offset", "group"),
    [
        (None, Urgency.NOT_DUE),
        (timedelta(days=3, seconds=1), Urgency.NOT_DUE),
        (timedelta(days=3), Urgency.DUE_SOON),
        (timedelta(seconds=1), Urgency.DUE_SOON),
        (timedelta(0), Urgency.OVERDUE),
        (timedelta(days=-2, seconds=1), Urgency.OVERDUE),
        (timedelta(days=-2), Urgency.CRITICALLY_OVERDUE),
        (timedelta(days=-400), Urgency.CRITICALLY_OVERDUE),
    ],
)
def test_the_group_follows_from_the_due_time(offset, group):
    assert urgency(None if offset is None else NOW + offset, NOW, soon_until(NOW, OFFICE)) is group


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-02 10:00", "2026-03-05 10:00"),
        ("2026-03-05 12:30", "2026-03-10 12:30"),
        ("2026-03-07 23:00", "2026-03-11 17:00"),
    ],
)
def test_U8_due_soon_reaches_over_weekends(now, until):
    at = [datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(OFFICE.zone)) for text in (now, until)]
    assert soon_until(at[0], OFFICE) == at[1]


@pytest.mark.parametrize(
    ("task", "grant"),
    [
        (TEAM_TASK, REVIEWER),
        (ORG_TASK, Grant(Role.ORG, ScopeType.ORGANIZATION, str(ORG))),
        (LOCATION_TASK, Grant(Role.COO, ScopeType.LOCATION, str(LOCATION))),
    ],
)
def test_a_holder_of_the_role_at_the_right_place_may_act(task, grant):
    assert may_act(task, principal(grant))


@pytest.mark.parametrize(
    ("task", "grant"),
    [
        (TEAM_TASK, Grant(Role.REV, ScopeType.TEAM, "help_desk")),
        (TEAM_TASK, Grant(Role.SUP, ScopeType.TEAM, "enrollment")),
        (TEAM_TASK, Grant(Role.REV, ScopeType.STATE)),
        (ORG_TASK, Grant(Role.ORG, ScopeType.ORGANIZATION, str(OTHER_ORG))),
        (LOCATION_TASK, Grant(Role.COO, ScopeType.LOCATION, str(uuid4()))),
        (LOCATION_TASK, Grant(Role.ORG, ScopeType.ORGANIZATION, str(ORG))),
        (Candidates(None, org_id=ORG), REVIEWER),
    ],
)
def test_anybody_else_is_no_candidate(task, grant):
    assert refusal(task, principal(grant)) is Refusal.NOT_CANDIDATE


def test_the_first_person_is_never_the_second():
    task = Candidates(Role.REV, team="enrollment", org_id=ORG, excluded=frozenset({ME}))
    assert refusal(task, principal(REVIEWER)) is Refusal.SECOND_PERSON


def test_nobody_of_the_state_decides_on_an_organization_of_the_own():
    assert refusal(TEAM_TASK, principal(REVIEWER), involved_orgs={ORG}) is Refusal.OWN_ORGANIZATION
    assert may_act(TEAM_TASK, principal(REVIEWER), involved_orgs={OTHER_ORG})
    own = principal(Grant(Role.ORG, ScopeType.ORGANIZATION, str(ORG)))
    assert may_act(ORG_TASK, own, involved_orgs={ORG})
