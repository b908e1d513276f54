"""Who changed a section last, for whoever was typing meanwhile."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.core.audit import AuditRow

SAVED = "section.save"


def last_saved_by(session: Session, section_id: UUID) -> UUID | None:
    """The account that saved the newest change of a section's answers, by the audit trail."""
    saved = (
        select(AuditRow.actor_id)
        .where(AuditRow.object_type == "section", AuditRow.object_id == section_id, AuditRow.action == SAVED)
        .where(AuditRow.detail["fields"].astext != "[]")
        .order_by(AuditRow.id.desc())
        .limit(1)
    )
    return session.execute(saved).scalar_one_or_none()
