"""The desk of the person who asks, and the acts on tasks that leave a trace even when they are refused."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response

from models.domain.core.permissions import Permission, Principal
from models.postgres.database import reading, transaction
from models.queries.core.inbox import Desk, desk_of
from models.queries.core.program import office_calendar
from models.store.core.act import Act
from models.store.core.audit import record
from webapp.core.forms.form import Form
from webapp.core.forms.submission import Submission, submit_form
from webapp.core.permissions import current_actor, current_principal, current_reach
from webapp.core.session import current_session
from webapp.extensions import db


def signed_in() -> Principal:
    """The person of this request, whom the permission has let in."""
    principal = current_principal()
    assert principal is not None
    return principal


def current_desk() -> Desk:
    """What the person of this request may see and do, at the moment at which the session was read."""
    found = current_session()
    assert found is not None
    reach = current_reach(Permission.TASK_LIST)
    with reading(db.engine) as session:
        calendar = office_calendar(session, found.now)
    return desk_of(signed_in(), reach, now=found.now, calendar=calendar, involved_orgs=found.involved_orgs)


def act_on_task(
    form: Form, action: str, task_id: UUID | None, do: Submission, say: Callable[[], str] | None = None
) -> Response | None:
    """Do it once and `say` so; where a rule refuses, the try itself is kept in the audit trail (C4)."""
    answer = submit_form(form, do, say)
    if answer is None:
        db.session.remove()
        with transaction(db.engine) as session:
            record(
                Act(session, current_actor()), action=action, object_type="task", object_id=task_id, outcome="refused"
            )
    return answer
