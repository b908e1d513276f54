"""Rows for tests of tasks: organizations, people with roles, tasks in any state; written as the application's role."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Grant, Principal, Role, ScopeType
from models.domain.enrollment.kinds import ProcessKind, TaskKind, Team
from models.queries.identity.sessions import as_grants
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.processes import start_process
from models.store.core.tasks import open_task
from models.store.identity.grants import end_grant, grant_role
from models.tables.core.tasks import Task
from models.tables.identity.accounts import Account, AccountStatus, GrantRow
from models.tables.organizations.locations import Organization

TEAM_ROLES = {Role.REV: Team.ENROLLMENT, Role.SUP: Team.ENROLLMENT}


def organization(session: Session, name: str = "Blue Ridge Family Practice") -> UUID:
    row = Organization(id=uuid4(), name=name)
    session.add(row)
    session.flush()
    return row.id


def person(session: Session, name: str, *roles: Role, org_id: UUID | None = None) -> Principal:
    """An active account with roles: of state staff on their team, of an applicant on the organization."""
    account = Account(
        id=uuid4(), email=f"{uuid4().hex}@example.org", email_norm=f"{uuid4().hex}@example.org", name=name,
        status=AccountStatus.ACTIVE, password_hash="x",
    )  # fmt: skip
    session.add(account)
    session.flush()
    for role in roles:
        give(session, account.id, role, org_id)
    return principal(session, account)


def give(session: Session, account_id: UUID, role: Role, org_id: UUID | None = None) -> None:
    team = TEAM_ROLES.get(role)
    scope_type, scope_id = (ScopeType.TEAM, str(team)) if team else (ScopeType.ORGANIZATION, str(org_id))
    grant_role(
        Act(session, SYSTEM, uuid4().hex),
        account_id=account_id,
        role=role,
        scope_type=scope_type,
        scope_id=scope_id,
        org_id=None if team else org_id,
        because="test",
    )


def end(session: Session, account_id: UUID, role: Role, org_id: UUID) -> None:
    end_grant(
        Act(session, SYSTEM, uuid4().hex),
        account_id=account_id,
        role=role,
        scope_type=ScopeType.ORGANIZATION,
        scope_id=org_id,
        because="test",
    )


def principal(session: Session, account: Account) -> Principal:
    live = session.query(GrantRow).filter_by(account_id=account.id, ended_at=None)
    grants: tuple[Grant, ...] = as_grants([[row.role, row.scope_type, row.scope_id] for row in live])
    return Principal(account.id, account.name, account.email, "en", grants, second_factor_passed=True)


def task(
    session: Session,
    org_id: UUID,
    *,
    due: timedelta | None = timedelta(days=5),
    kind: TaskKind = TaskKind.REVIEW_ENROLLMENT,
    **more: object,
) -> Task:
    """A task of a process of its own, due so long from now (None: without a date)."""
    entity_id = uuid4()
    process_id = start_process(
        Act(session, SYSTEM, uuid4().hex), kind=ProcessKind.PROVIDER_ENROLLMENT, entity_id=entity_id, org_id=org_id
    )
    values = {"organization": "Blue Ridge Family Practice", "locations": "3", "reference": "ENR-TEST"}
    return open_task(
        Act(session, SYSTEM),
        process_id=process_id,
        kind=kind,
        org_id=org_id,
        opening_key=uuid4().hex,
        due_at=None if due is None else db_now(session) + due,
        **{"subject_id": entity_id, "title_values": values, **more},
    )
