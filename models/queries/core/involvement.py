"""Whose decision a person may not take: on organizations of the own, and after whoever gave him or her rights."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ScalarSelect, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.domain.core.tasks import INVOLVEMENT_LASTS
from models.tables.identity.accounts import GrantRow


def involved_organizations(session: Session, account_id: UUID | None) -> frozenset[UUID]:
    """The organizations of the rule S39.1: a grant there is live, or ended less than 12 months ago."""
    return frozenset(session.execute(_OF_ONE, {"account_id": account_id}).scalar_one() or ())


def empowered_by(session: Session, givers: Collection[UUID]) -> frozenset[UUID]:
    """Who holds a role that one of these persons gave: none of them is a second person to the giver (S39.2)."""
    if not givers:
        return frozenset()
    live = select(GrantRow.account_id).where(GrantRow.granted_by.in_(givers), GrantRow.ended_at.is_(None))
    return frozenset(session.scalars(live))


def involvement(account_id: InstrumentedAttribute[UUID] | BindParameter[UUID]) -> ScalarSelect[Any]:
    """The same as part of another statement: an array, or null where there is none."""
    held = aliased(GrantRow)
    recent = or_(held.ended_at.is_(None), held.ended_at > func.db_now() - INVOLVEMENT_LASTS)
    return (
        select(func.array_agg(held.org_id.distinct()))
        .where(held.account_id == account_id, held.org_id.is_not(None), recent)
        .scalar_subquery()
    )


_OF_ONE = select(involvement(bindparam("account_id", type_=Uuid())))
