"""Where a life of the process of an enrollment begins: people are asked for what the facts want (E3, E8, E10)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.actors import Actor
from models.domain.enrollment import NextStep
from models.queries.enrollment_process import next_step_of
from models.store.enrollment_gathering import gather_application
from models.store.enrollment_review import request_approval, request_review
from models.store.enrollment_rows import lock_enrollment

ASKS_PEOPLE = {
    NextStep.GATHER: gather_application,
    NextStep.REVIEW: request_review,
    NextStep.APPROVE: request_approval,
}
"""What a stage that waits for people asks of them."""


def take_up(session: Session, *, enrollment_id: UUID, as_of: datetime, by: Actor) -> NextStep:
    """Learn what comes next and, where people have to do it, ask them; returns what comes next."""
    lock_enrollment(session, enrollment_id)
    step = next_step_of(session, enrollment_id)
    if step not in ASKS_PEOPLE:
        return step
    return ASKS_PEOPLE[step](session, enrollment_id=enrollment_id, as_of=as_of, by=by)
