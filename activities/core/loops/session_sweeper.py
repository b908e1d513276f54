"""Ends sessions past their limits, and forgets old tries, old answers to forms and old drafts."""

from __future__ import annotations

from sqlalchemy import Engine

from activities.core.loops.loop import Loop
from models.postgres.database import transaction
from models.store.core.drafts import sweep_drafts
from models.store.core.form_answers import sweep_answers
from models.store.identity.attempts import sweep_attempts
from models.store.identity.sessions import sweep_sessions

SWEEP_EVERY = 30.0


def session_sweeper(engine: Engine) -> Loop:
    """The loop that sweeps; a session past its limits is ended within a minute."""

    def sweep() -> bool:
        for clean in (sweep_sessions, sweep_attempts, sweep_answers, sweep_drafts):
            with transaction(engine) as session:
                clean(session)
        return False

    return Loop("session sweeper", sweep, every=SWEEP_EVERY)
