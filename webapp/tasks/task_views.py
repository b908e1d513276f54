"""The task page: what is asked, of whom, by when, why; and the decision."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.capabilities import task_rule
from models.domain.core.permissions import Permission
from models.domain.core.tasks import LIVE, Refusal
from models.postgres.database import reading
from models.queries.core.inbox import Desk
from models.queries.core.task_rows import TaskRow
from models.queries.core.tasks import find_next, find_task
from models.store.core.act import Act
from webapp.core.capability import declared
from webapp.core.permissions import current_reach, requires
from webapp.extensions import db
from webapp.tasks import labels as words
from webapp.tasks.addresses import InboxAddress
from webapp.tasks.blueprint import blueprint
from webapp.tasks.forms import TaskForm
from webapp.tasks.inbox import claim_form
from webapp.tasks.page import AnyPage
from webapp.tasks.requests import act_on_task, current_desk


@blueprint.get("/tasks/<uuid:task_id>")
@requires(Permission.TASK_LIST)
def task(task_id: UUID) -> ResponseReturnValue:
    """One task; an applicant's leads to the page where it is done."""
    desk, found = task_or_404(task_id)
    address = declared().task_addresses.get(found.kind)
    if address is not None:
        return redirect(address(found))
    page: AnyPage = declared().task_pages.get(found.kind) or abort(404)
    shown = page.read(db.session(), desk, found)
    return task_page(page, desk, found, shown, page.form(shown))


@blueprint.get("/tasks/next", endpoint="go_on")
@requires(Permission.TASK_LIST)
def go_on() -> ResponseReturnValue:
    """To the next task in hand, else to the most urgent that nobody holds, else to the inbox."""
    with reading(db.engine) as session:
        task_id = find_next(session, current_desk())
    return redirect(url_for("tasks.task", task_id=task_id) if task_id else InboxAddress().url)


@blueprint.post("/tasks/<uuid:task_id>/decide")
@requires(Permission.TASK_DECIDE)
def decide(task_id: UUID) -> ResponseReturnValue:
    """Decide a task, then go on to the next one; where somebody was faster the page says who and when."""
    desk, found = task_or_404(task_id)
    page: AnyPage = declared().task_pages.get(found.kind) or abort(404)
    if found.refusal is not None or not current_reach(task_rule(found.kind).permission).allowed:
        abort(403)
    form = page.short_form() or page.form(page.read(db.session(), desk, found))

    def do(act: Act) -> str:
        page.decide(act, found, form)
        return address_after(task_id)

    def say() -> str:
        return confirmation(page, found, form.outcome.data)

    answer = act_on_task(form, "task.decide", task_id, do, say) if form.validate_on_submit() else None
    return answer or refused_page(page, task_id, form)


def refused_page(page: AnyPage, task_id: UUID, tried: TaskForm) -> tuple[str, int]:
    """The page as it is now, with everything typed and what is wrong with it."""
    desk, found = task_or_404(task_id)
    shown = page.read(db.session(), desk, found)
    form = page.form(shown)
    form.take_over(tried)
    return task_page(page, desk, found, shown, form)


def task_or_404(task_id: UUID) -> tuple[Desk, TaskRow]:
    """A task in the person's sight; out of sight is answered like missing."""
    desk = current_desk()
    return desk, find_task(db.session(), desk, task_id) or abort(404)


def task_page(page: AnyPage, desk: Desk, found: TaskRow, shown: object, form: TaskForm) -> tuple[str, int]:
    """The page. The form is there for whoever holds the task, and stays after a try that was refused."""
    form.version.data = found.version
    live, tried = found.status in LIVE, bool(form.errors)
    context = {
        "task": found,
        "shown": shown,
        "now": desk.now,
        "choices": page.choices,
        "outcome_words": words.outcome_words,
        "page_title_text": words.title(found.kind, found.title_values),
        "due": words.due(found.due_at, desk.now) if live else None,
        "due_day": words.due_day(found.due_at),
        "tone": words.TONES[found.urgency] if live else "neutral",
        "holder": words.holder(found, desk.now),
        "team": words.team_words(found.team),
        "refusal": words.REFUSALS[found.refusal] if found.refusal and live else None,
        "out_of_role": found.refusal is Refusal.NOT_CANDIDATE,
        "claim_on_top": page.claim_on_top,
        "deciding": found.mine or (tried and live),
        "claim": claim_form(found) if found.claimable else None,
        "give_back": claim_form(found) if found.mine else None,
        "inbox": InboxAddress().url,
    }
    return render_template(page.template, form=form, **context), form.status


def address_after(task_id: UUID) -> str:
    """Where a decision leads: to the next task, which is looked for only when its page is wanted."""
    return url_for("tasks.go_on", after=task_id)


def confirmation(page: AnyPage, found: TaskRow, outcome: str) -> str:
    """What was decided about what, and what happens next."""
    choice = page.choices[outcome]
    title = found.title_values.get("organization", "")
    return _("%(what)s: %(outcome)s. %(next)s", what=title, outcome=words.outcome_words(outcome), next=choice.next_step)
