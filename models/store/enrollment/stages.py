"""What the process of an enrollment does in each step: one effect for each, from one table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from models.domain.enrollment.lifecycle import ASKS_PEOPLE, NextStep
from models.queries.enrollment.process import step_of
from models.store.core.act import Act
from models.store.enrollment.gathering import ask_applicant
from models.store.enrollment.outcomes import activate_provider, clear_away, deny_enrollment, send_back
from models.store.enrollment.review import ask_approver, ask_reviewer
from models.store.enrollment.rows import lock_enrollment
from models.tables.enrollment.lifecycle import Enrollment

EFFECTS: Mapping[NextStep, Callable[[Act, Enrollment], None]] = {
    NextStep.GATHER: ask_applicant,
    NextStep.REVIEW: ask_reviewer,
    NextStep.APPROVE: ask_approver,
    NextStep.SEND_BACK: send_back,
    NextStep.ACTIVATE: activate_provider,
    NextStep.DENY: deny_enrollment,
    NextStep.CLEAR_AWAY: clear_away,
}


def take_step(act: Act, *, enrollment_id: UUID, steps: Collection[NextStep]) -> NextStep:
    """Do what the facts ask for, where it is one of `steps`; returns what comes next. Repeating it changes nothing."""
    enrollment = lock_enrollment(act, enrollment_id)
    step = step_of(act.session, enrollment)
    if step not in steps or step not in EFFECTS:
        return step
    EFFECTS[step](act, enrollment)
    if step in ASKS_PEOPLE:
        return step
    act.session.flush()
    return step_of(act.session, enrollment)
