"""Who and what is there before a kill run begins."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.domain.enrollment.kinds import Team
from models.postgres.database import transaction
from models.queries.identity.accounts import find_account_by_email
from models.store.core.act import Act
from models.store.core.form_answers import claim_key
from models.store.identity.accounts import create_account, invite_account
from models.store.identity.grants import grant_role
from webapp.cli.demo.people import STAFF, hire, make_person

OWNER, INVITED, INVITED_LATER = (f"{name}@people.example.org" for name in ("ida", "ivo", "lea"))
BEGINNER = "new.staff@state.example.org"
SEND_TOMORROW = "UPDATE messages SET next_attempt_at = next_attempt_at + interval '1 day' WHERE to_address = :address"
OLD_ANSWER = "UPDATE form_answers SET created_at = created_at - interval '1 year' WHERE route = 'long ago'"


def people(engine: Engine) -> None:
    """Staff, somebody with an account of their own, two who were invited, and something to sweep away."""
    with transaction(engine) as session:
        for member in STAFF:
            hire(session, member)
        make_person(session, OWNER, "Ida Moss", "en")
        make_person(session, BEGINNER, "Nora New", "en")
        for address in (INVITED, INVITED_LATER):
            _invite(session, address)
        session.execute(text(SEND_TOMORROW), {"address": INVITED_LATER})
        leave_something_old(session)


def leave_something_old(session: Session) -> None:
    """An answer that the sweeper finds."""
    claim_key(session, actor_id=None, route="long ago", key=uuid4().hex, request_hash="")
    session.execute(text(OLD_ANSWER))


def give_role(engine: Engine, address: str) -> None:
    """An account without a second step becomes one of state staff."""
    with transaction(engine) as session:
        account = find_account_by_email(session, address)
        assert account is not None
        grant_role(
            Act(session, SYSTEM, uuid4().hex),
            account_id=account.account_id,
            role=Role.REV,
            scope_type=ScopeType.TEAM,
            scope_id=Team.ENROLLMENT,
            org_id=None,
            because="new",
        )


def _invite(session: Session, address: str) -> None:
    account_id = create_account(
        Act(session, SYSTEM, uuid4().hex), email=address, name="Ivo Lund", language="en", password=None
    )
    invite_account(Act(session, SYSTEM, uuid4().hex), account_id=account_id)
