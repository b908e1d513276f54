"""The inbox: its page, the news of new tasks, taking the next task, taking and giving back one of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.core.permissions import Permission
from models.domain.core.tasks import Refusal
from models.queries.core.tasks import View, count_new_tasks, find_task
from models.store.core.act import Act
from models.store.core.tasks import claim_task, release_task, take_next_task
from webapp.core.forms.form import Form
from webapp.core.permissions import current_actor, requires
from webapp.core.text.language import current_language
from webapp.extensions import db
from webapp.tasks.addresses import InboxAddress, read_address
from webapp.tasks.blueprint import blueprint
from webapp.tasks.forms import TaskForm
from webapp.tasks.inbox import inbox_page
from webapp.tasks.requests import act_on_task, current_desk


@blueprint.get("/tasks")
@requires(Permission.TASK_LIST)
def inbox() -> ResponseReturnValue:
    """The tasks of one view."""
    return inbox_page(read_address(request.args))


@blueprint.get("/tasks/news")
@requires(Permission.TASK_LIST)
def news() -> ResponseReturnValue:
    """How many tasks have opened since the list was made: 204 for none, 304 for as many as the page shows."""
    since = _moment(request.args.get("since", ""))
    count = count_new_tasks(db.session(), current_desk(), since) if since else 0
    if not count:
        return "", 204
    response = make_response(render_template("tasks/news.html", count=count, show=InboxAddress(View.UNASSIGNED).url))
    response.set_etag(f"{count}-{current_language()}")
    return response.make_conditional(request)


@blueprint.post("/tasks/next", endpoint="next")
@requires(Permission.TASK_CLAIM)
def next_task() -> ResponseReturnValue:
    """Take the most urgent task that the person may do."""
    form, desk = Form(), current_desk()

    def take(act: Act) -> str:
        actor = current_actor()
        task = take_next_task(act.by_actor(actor), seats=desk.seats, involved_orgs=desk.involved_orgs)
        if task is None:
            flash(_("There are no tasks to take right now."), "info")
        return url_for("tasks.task", task_id=task.id) if task else InboxAddress().url

    answer = act_on_task(form, "task.claim", None, take) if form.validate_on_submit() else None
    return answer or inbox_page(InboxAddress(), lost=form)


@blueprint.post("/tasks/<uuid:task_id>/claim")
@requires(Permission.TASK_CLAIM)
def claim(task_id: UUID) -> ResponseReturnValue:
    """Take one task; where somebody was faster the list stays and says who. Whom it is closed to is refused (S39)."""
    _refuse_out_of_reach(task_id, *Refusal)
    form = TaskForm()

    def take(act: Act) -> str:
        claim_task(act, task_id=task_id, version=form.version.data)
        return url_for("tasks.task", task_id=task_id)

    answer = act_on_task(form, "task.claim", task_id, take) if form.validate_on_submit() else None
    return answer or inbox_page(read_address(request.args), lost=form)


@blueprint.post("/tasks/<uuid:task_id>/release")
@requires(Permission.TASK_CLAIM)
def release(task_id: UUID) -> ResponseReturnValue:
    """Give a task back to the team, also one that was closed to its holder meanwhile."""
    _refuse_out_of_reach(task_id, Refusal.NOT_CANDIDATE)
    form = TaskForm()

    def give_back(act: Act) -> str:
        release_task(act, task_id=task_id)
        flash(_("You released the task. Someone else on the team can take it now."))
        return InboxAddress().url

    answer = act_on_task(form, "task.release", task_id, give_back) if form.validate_on_submit() else None
    return answer or inbox_page(InboxAddress(), lost=form)


@blueprint.get("/tasks/<uuid:task_id>/<any(claim, release, decide):act>")
@requires(Permission.TASK_LIST)
def after_an_act(task_id: UUID, act: str) -> Response:
    """The address of an act, opened again as a page (the language switch does this): the task itself."""
    return make_response(redirect(url_for("tasks.task", task_id=task_id)))


def _refuse_out_of_reach(task_id: UUID, *refusals: Refusal) -> None:
    """Out of sight is answered like missing; in sight but for one of these reasons not the person's is refused."""
    task = find_task(db.session(), current_desk(), task_id)
    if task is None:
        abort(404)
    if task.refusal in refusals:
        abort(403)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
