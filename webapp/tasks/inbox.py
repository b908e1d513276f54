"""What the inbox shows: views with their counts, the groups by urgency, a line for each task."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from models.domain.core.tasks import Urgency
from models.postgres.database import reading
from models.queries.core.inbox import Desk
from models.queries.core.task_rows import TaskRow
from models.queries.core.tasks import (
    COUNT_TO,
    OWN_VIEWS,
    STAFF_VIEWS,
    View,
    count_tasks,
    list_tasks,
)
from webapp.core.forms.form import Form
from webapp.core.lists.address import capped
from webapp.extensions import db
from webapp.tasks import labels as words
from webapp.tasks.addresses import InboxAddress, addresses_of_tasks
from webapp.tasks.forms import TaskForm
from webapp.tasks.requests import current_desk

SUGGESTED = 5
"""So many of the team's most urgent tasks are shown to whoever has nothing in hand."""


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the list. `version` is that of the task, set where the person may take it from here."""

    id: str
    title: str
    address: str
    facts: tuple[str | None, ...]
    due: str
    tone: str
    version: int | None
    claim: str


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one urgency; what is done stands in one group without a title."""

    name: str
    title: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One view or one filter, with its address; `count` in words."""

    label: str
    address: str
    current: bool
    count: str | None = None


def inbox_page(asked: InboxAddress, lost: Form | None = None) -> tuple[str, int]:
    """The page; `lost` is a form that a rule refused, whose reasons stand above the list."""
    desk = current_desk()
    views = STAFF_VIEWS if desk.staff else OWN_VIEWS
    if asked.view not in views:
        asked = InboxAddress()
    with reading(db.engine) as session:
        counts = count_tasks(session, desk, views)
        page = list_tasks(session, desk, asked.view, group=asked.group, after=asked.after)
        idle = asked == InboxAddress() and desk.seats and not page.rows
        team = list_tasks(session, desk, View.UNASSIGNED, limit=SUGGESTED).rows if idle else ()
    context: dict[str, Any] = {
        "asked": asked,
        "staff": desk.staff,
        "views": [_view(view, asked, counts.tasks[view], desk) for view in views],
        "filters": _filters(asked),
        "groups": _groups(page.rows, asked, desk),
        "suggested": [line(row, asked, desk, url_for("tasks.task", task_id=row.id), "") for row in team],
        "next_page": asked.behind(page.next),
        "since": counts.newest.isoformat() if desk.seats else None,
        "next_form": Form(formdata=None) if desk.seats else None,
        "lost": lost,
    }
    return render_template("tasks/inbox.html", **context), lost.status if lost else 200


def _view(view: View, asked: InboxAddress, count: int, desk: Desk) -> ViewLink:
    label = str(words.VIEWS[view] if desk.staff or view is not View.MINE else _("Your turn"))
    return ViewLink(label, asked.on(view), view is asked.view, capped(count, COUNT_TO))


def _filters(asked: InboxAddress) -> list[ViewLink]:
    if asked.view is View.DONE:
        return []
    every = ViewLink(_("All"), asked.of_group(None), asked.group is None)
    return [
        every,
        *(ViewLink(str(words.GROUPS[group]), asked.of_group(group), group is asked.group) for group in Urgency),
    ]


def _groups(rows: tuple[TaskRow, ...], asked: InboxAddress, desk: Desk) -> list[Group]:
    address, claim = addresses_of_tasks("tasks.task"), addresses_of_tasks("tasks.claim", **asked.query)
    lines = [line(row, asked, desk, address(row.id), claim(row.id)) for row in rows]
    if asked.view is View.DONE:
        return [Group("done", None, tuple(lines))] if lines else []
    return [
        Group(group, str(words.GROUPS[group]), tuple(one for _row, one in found))
        for group, found in groupby(zip(rows, lines, strict=True), key=lambda pair: pair[0].urgency)
    ]


def line(row: TaskRow, asked: InboxAddress, desk: Desk, address: str, claim: str) -> Line:
    """One task as the list shows it; facts without a value are left out."""
    closed, takable = row.status not in {"open", "claimed"}, bool(row.claimable and row.team)
    return Line(
        id=f"task-{row.id.hex}",
        title=words.title(row.kind, row.title_values),
        address=address,
        facts=(
            row.title_values.get("reference"),
            None if closed else words.due_day(row.due_at),
            None if asked.view is View.UNASSIGNED else words.holder(row, desk.now),
            _why_not(row),
        ),
        due="" if closed else words.due(row.due_at, desk.now),
        tone=words.TONES[row.urgency],
        version=row.version if takable else None,
        claim=claim if takable else "",
    )


def claim_form(row: TaskRow) -> TaskForm:
    """The button that takes a task as it is shown here."""
    form = TaskForm(formdata=None)
    form.version.data = row.version
    return form


def _why_not(row: TaskRow) -> str | None:
    """In a list only the rules that surprise; that a task is for another role is plain from its title."""
    found = words.SHORT_REFUSALS.get(row.refusal) if row.refusal else None
    return str(found) if found else None
