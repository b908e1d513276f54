"""Writing the audit trail: rows in the transaction of the change, seals by one sealer afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, literal, select
from sqlalchemy.orm import Session

from models.domain.core.audit.chain import GENESIS, seal
from models.postgres.write_behind import LATER
from models.store.core.act import Act
from models.tables.core.audit import AuditRow, AuditSeal

CHAIN = "main"
SEALER_LOCK = 7_310_001
IN_FLIGHT_IDS = 10_000
"""How far behind the newest seal a row's id may still be uncommitted; ids come from a sequence."""


_HEAD = select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)
_SEAL = insert(AuditSeal.__table__)  # type: ignore[arg-type]
_ADD = insert(AuditRow.__table__).inline()  # type: ignore[arg-type]


def record(
    act: Act,
    *,
    action: str,
    object_type: str,
    object_id: UUID | None,
    org_id: UUID | None = None,
    outcome: str = "done",
    detail: Mapping[str, object] | None = None,
) -> None:
    """One row for one change; `detail` names fields and ids, never what a person typed about their health."""
    row = {
        "actor_kind": act.by.kind,
        "actor_id": act.by.id,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "org_id": org_id,
        "outcome": outcome,
        "cause_key": act.cause_key or None,
        "detail": dict(detail or {}),
    }
    act.session.connection().execute(_ADD, row, execution_options={LATER: True})


def seal_new_rows(session: Session, *, limit: int = 500, everything: bool = False) -> int:
    """Seal rows that have no seal yet, oldest first; returns how many. Only one sealer works at a time."""
    if not session.execute(select(func.pg_try_advisory_xact_lock(SEALER_LOCK))).scalar_one():
        return 0
    head = session.execute(_HEAD).one_or_none()
    rows = _unsealed(session, limit=limit, everything=everything)
    previous, before = (head.hash, head.seq) if head else (GENESIS, 0)
    seals: list[dict[str, object]] = []
    for number, row in enumerate(rows, start=before + 1):
        sealed = seal(previous, {str(name): value for name, value in row.items()})
        seals.append({"seq": number, "chain": CHAIN, "audit_id": row["id"], "prev_hash": previous, "hash": sealed})
        previous = sealed
    if seals:
        session.connection().execute(_SEAL, seals)
    return len(seals)


def _unsealed(session: Session, *, limit: int, everything: bool) -> Sequence[RowMapping]:
    """The values that the seals cover, by their names; read without objects, since there are so many."""
    newest = select(func.coalesce(func.max(AuditSeal.audit_id), 0)).scalar_subquery()
    floor = literal(0) if everything else newest - IN_FLIGHT_IDS
    statement = (
        select(AuditRow.__table__)
        .outerjoin(AuditSeal, AuditSeal.audit_id == AuditRow.id)
        .where(AuditSeal.seq.is_(None), AuditRow.id > floor)
        .order_by(AuditRow.id)
        .limit(limit)
    )
    return session.connection().execute(statement).mappings().all()
