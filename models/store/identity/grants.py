"""Giving and ending roles."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.domain.core.actors import ActorKind
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.domain.identity.grants import assess_grant
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.claims import free_claims
from models.tables.identity.accounts import Account, GrantRow


def grant_role(
    act: Act,
    *,
    account_id: UUID,
    role: Role,
    scope_type: ScopeType,
    scope_id: UUID | str | None,
    org_id: UUID | None,
    because: str,
) -> None:
    """Give a role on a scope; giving it again changes nothing. It acts on the person's next request.

    Refused: `own_grant` (nobody gives himself anything), `administrator_alone` (ADM is a person's only
    role), `role_scope` and `account_unknown`.
    """
    scope = None if scope_id is None else str(scope_id)
    _lock_account(act.session, account_id)
    live = select(GrantRow.role).where(GrantRow.account_id == account_id, GrantRow.ended_at.is_(None))
    held = [Role(found) for found in act.session.scalars(live)]
    giver = act.by.id if act.by.kind is ActorKind.PERSON else None
    assess_grant(role, scope_type, held=held, to_self=giver == account_id)
    statement = (
        insert(GrantRow)
        .values(
            id=uuid4(),
            account_id=account_id,
            role=role,
            scope_type=scope_type,
            scope_id=scope,
            org_id=org_id,
            granted_by=giver,
            granted_because=because,
        )
        .on_conflict_do_nothing()
        .returning(GrantRow.id)
    )
    if act.session.execute(statement).scalar_one_or_none() is not None:
        _record(act, "grant.give", account_id, role, scope_type, scope, because, org_id)


def end_grant(
    act: Act, *, account_id: UUID, role: Role, scope_type: ScopeType, scope_id: UUID | str | None, because: str
) -> bool:
    """Take a role away from the person's next request on, and free what he or she claimed with it.

    Returns whether it was held.
    """
    scope = None if scope_id is None else str(scope_id)
    _lock_account(act.session, account_id)
    statement = (
        update(GrantRow)
        .where(GrantRow.account_id == account_id, GrantRow.ended_at.is_(None), GrantRow.role == role)
        .where(GrantRow.scope_type == scope_type, GrantRow.scope_id.is_not_distinct_from(scope))
        .values(ended_at=func.db_now())
        .returning(GrantRow.org_id)
    )
    ended = act.session.execute(statement).one_or_none()
    if ended is None:
        return False
    _record(act, "grant.end", account_id, role, scope_type, scope, because, ended.org_id)
    if scope_type is ScopeType.TEAM:
        free_claims(act, account_id=account_id, because="role ended", role=role, team=scope)
    return True


def _lock_account(session: Session, account_id: UUID) -> None:
    statement = select(Account.id).where(Account.id == account_id).with_for_update()
    if session.execute(statement).scalar_one_or_none() is None:
        raise RuleViolation("account_unknown", "There is no such account.")


def _record(
    act: Act,
    action: str,
    account_id: UUID,
    role: Role,
    scope_type: ScopeType,
    scope: str | None,
    because: str,
    org_id: UUID | None,
) -> None:
    detail = {"role": role, "scope_type": scope_type, "scope_id": scope, "because": because}
    record(act, action=action, object_type="account", object_id=account_id, org_id=org_id, detail=detail)
