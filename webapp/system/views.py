"""The system page, and the two acts that are safe to repeat: ring a process again, try a message again."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.core.permissions import Permission
from models.queries.operations.system import message_exists, process_exists, read_system
from models.store.core.act import Act
from models.store.core.mail.messages import retry_message
from models.store.core.processes import redeliver
from webapp.core.forms.form import Form, form_page
from webapp.core.forms.submission import Submission, submit_form
from webapp.core.permissions import requires
from webapp.extensions import db
from webapp.system.blueprint import blueprint
from webapp.system.checks import CONDITIONS, TONES, checks
from webapp.system.numbered import look_up
from webapp.system.rows import message_row, process_row


@blueprint.get("")
@requires(Permission.OPS_SYSTEM_VIEW)
def overview() -> ResponseReturnValue:
    """How the system is, and what needs somebody."""
    return system_page(Form())


@blueprint.post("/processes/<uuid:process_id>/ring")
@requires(Permission.WORKFLOW_RETRY)
def ring(process_id: UUID) -> ResponseReturnValue:
    """Deliver once more what a process has not heard."""
    if not process_exists(db.session(), process_id):
        abort(404)

    def do(act: Act) -> str:
        redeliver(act, process_id=process_id)
        return url_for("system.overview")

    return pressed(
        do,
        _(
            "We're delivering the events again. The process moves on "
            "within seconds if the worker and Temporal are working."
        ),
    )


@blueprint.post("/messages/<uuid:message_id>/retry")
@requires(Permission.WORKFLOW_RETRY)
def retry(message_id: UUID) -> ResponseReturnValue:
    """Have the sender try a message again now."""
    if not message_exists(db.session(), message_id):
        abort(404)

    def do(act: Act) -> str:
        retry_message(act, message_id=message_id)
        return url_for("system.overview")

    return pressed(do, _("The message is tried again now."))


def pressed(do: Submission, done: str) -> ResponseReturnValue:
    """Do it and say so, or show the page with the reason why not."""
    form = Form()
    answer = submit_form(form, do) if form.validate_on_submit() else None
    if answer is None:
        return system_page(form)
    flash(done)
    return answer


def system_page(form: Form) -> tuple[str, int]:
    """The page; a form that was refused shows why above it."""
    state = read_system(db.session())
    found = checks(state)
    return form_page(
        "system/overview.html",
        form,
        checks=found,
        lookup=look_up(),
        well=all(check.well for check in found),
        tones=TONES,
        conditions=CONDITIONS,
        processes=[process_row(process, state.now) for process in state.stalled],
        messages=[message_row(message, state.now) for message in state.unsent],
        stalled=sum(state.figures.processes_stalled.values()),
    )


__all__ = ["blueprint"]
