"""What is final stays, whatever the code of web and worker would do: the database refuses both roles (O12)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.domain.enrollment.kinds import Outcome
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.grants import end_grant
from tests.enrollment_story import EnrollmentStory

FORBIDDEN = (
    "UPDATE decisions SET outcome = 'denied'",
    "UPDATE decisions SET reason = 'other'",
    "UPDATE decisions SET decided_by = (SELECT min(id::text)::uuid FROM accounts)",
    "UPDATE return_notes SET reason = 'other'",
    "UPDATE signatures SET signed_name = 'Somebody Else'",
    "UPDATE signatures SET signed_at = now()",
    "UPDATE signatures SET signed_at = NULL, signed_name = NULL",
    "UPDATE signatures SET text_hash = 'x'",
    "UPDATE signatures SET role = 'CEO'",
    "UPDATE grants SET role = 'ADM'",
    "UPDATE grants SET account_id = (SELECT min(id::text)::uuid FROM accounts)",
    "UPDATE grants SET ended_at = NULL WHERE ended_at IS NOT NULL",
    "UPDATE links SET used_at = NULL, revoked_at = NULL WHERE used_at IS NOT NULL OR revoked_at IS NOT NULL",
    "UPDATE links SET expires_at = now() + interval '1 year'",
    "UPDATE tasks SET outcome = 'denied' WHERE status = 'done'",
    "UPDATE tasks SET status = 'open', outcome = NULL WHERE status = 'done'",
    "UPDATE news SET outcome = 'denied'",
    "UPDATE enrollments SET state = 'draft'",
    "UPDATE audit SET action = 'x'",
    "DELETE FROM decisions",
    "DELETE FROM signatures",
    "DELETE FROM grants",
)


@pytest.fixture
def story(database):
    """An approved enrollment, with a grant that has ended."""
    made = EnrollmentStory(database)
    made.apply()
    made.process()
    boss = made.reviewer("boss@state.example")
    made.decide(made.reviewer(), Outcome.RECOMMENDED)
    made.decide(boss, Outcome.APPROVED)
    scope = {"role": Role.REV, "scope_type": ScopeType.TEAM, "scope_id": "enrollment"}
    with transaction(database.app_engine) as session:
        assert end_grant(Act(session, SYSTEM, uuid4().hex), account_id=boss, **scope, because="x")
    return made


@pytest.mark.parametrize("role", ["app_engine", "worker_engine"])
def test_O12_final_facts_are_changed_by_neither_role(database, story, role):
    changed = [statement for statement in FORBIDDEN if does_change(getattr(database, role), statement)]
    assert changed == []


def does_change(engine, statement):
    """Whether the statement changes a row; a refusal must say that it is one."""
    try:
        with transaction(engine) as session:
            return session.execute(text(statement)).rowcount > 0
    except ProgrammingError as refused:
        return not any(words in str(refused) for words in ("permission denied", "final fact"))


def test_O12_the_owner_may_still_restore_and_migrate(database, story):
    with transaction(database.owner_engine) as session:
        assert session.execute(text("UPDATE grants SET ended_at = ended_at WHERE ended_at IS NOT NULL")).rowcount
