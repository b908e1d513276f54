"""The supervisor's home: what is late, who holds what, by person and by urgency."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from models.domain.core.permissions import Permission
from models.domain.core.tasks import Urgency
from models.postgres.database import reading
from models.queries.core.task_rows import TaskRow
from models.queries.core.tasks import View, list_tasks
from models.queries.core.workload import Load, team_loads
from webapp.core.forms.form import Form
from webapp.core.permissions import requires
from webapp.core.text.dates import day
from webapp.extensions import db
from webapp.tasks import labels as words
from webapp.tasks.addresses import InboxAddress, addresses_of_tasks
from webapp.tasks.blueprint import blueprint
from webapp.tasks.inbox import Line, line
from webapp.tasks.requests import current_desk

SHOWN = 10
LATE = (Urgency.CRITICALLY_OVERDUE, Urgency.OVERDUE)
GROUPS = tuple(Urgency)


@blueprint.get("/tasks/team")
@requires(Permission.TASK_REASSIGN_OTHERS)
def team() -> ResponseReturnValue:
    """The team at a glance, the most urgent first."""
    desk = current_desk()
    with reading(db.engine) as session:
        loads = team_loads(session, desk)
        late = [row for group in LATE for row in list_tasks(session, desk, View.TEAM, group=group, limit=SHOWN).rows]
    asked, address = InboxAddress(View.TEAM), addresses_of_tasks("tasks.task")
    return render_template(
        "tasks/team.html",
        lead=lead(loads),
        late=[late_line(row, line(row, asked, desk, address(row.id), "")) for row in late[:SHOWN]],
        more=[(words.GROUPS[group], asked.of_group(group)) for group in LATE],
        groups=[words.GROUPS[group] for group in GROUPS],
        loads=[load_row(load) for load in loads],
        next_form=Form(formdata=None) if desk.seats else None,
        everything=asked.url,
        inbox=InboxAddress().url,
    )


def lead(loads: list[Load]) -> str:
    """How late the team is, in a sentence."""
    late = sum(load.tasks[group] for load in loads for group in LATE)
    whole = sum(load.whole for load in loads)
    if not late:
        return _("Nothing is overdue. Tasks with the team: %(count)s.", count=whole)
    overdue = ngettext("%(num)d task is overdue.", "%(num)d tasks are overdue.", late)
    return f"{overdue} {_('Tasks with the team: %(count)s.', count=whole)}"


def late_line(row: TaskRow, shown: Line) -> dict[str, object]:
    """A late task: who holds it, and since when it waits."""
    waits = _("Opened %(day)s", day=day(row.opened_at))
    return {
        "title": shown.title,
        "href": shown.address,
        "facts": [*shown.facts, waits],
        "status": shown.due,
        "tone": shown.tone,
    }


def load_row(load: Load) -> dict[str, object]:
    """One person's row of the table."""
    return {
        "name": load.name or _("Unassigned"),
        "counts": [load.tasks[group] for group in GROUPS],
        "whole": load.whole,
        "oldest": day(load.oldest),
    }
