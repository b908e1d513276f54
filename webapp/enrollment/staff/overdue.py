"""A supervisor's decision about a task that is late: more time, or another person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from wtforms import IntegerField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from models.domain.core.reasons import MAX_REASON
from models.domain.enrollment.kinds import Outcome
from models.queries.core.inbox import Desk
from models.queries.core.program import setting
from models.queries.core.task_rows import TaskRow
from models.queries.core.tasks import find_task
from models.queries.core.teams import Member, members_for
from models.store.core.act import Act
from models.store.enrollment.supervision import assign_review, extend_review
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.tasks import labels as words
from webapp.tasks.forms import TaskForm
from webapp.tasks.page import DecisionOption, TaskPage

CHOICES: Mapping[str, DecisionOption] = {
    Outcome.EXTENDED: DecisionOption(
        _l("Give it more time"),
        _l("Next: the task stays where it is, with the new due date. The applicant gets an email with the date."),
    ),
    Outcome.ASSIGNED: DecisionOption(
        _l("Assign it to someone"),
        _l("Next: this person gets the task, with the new due date. The applicant gets an email with the date."),
    ),
}


@dataclass(frozen=True, slots=True)
class Late:
    """The late task, and who could take it over."""

    task: TaskRow
    title: str
    due: str
    holder: str | None
    members: tuple[Member, ...]
    proposed_days: int


class OverdueForm(TaskForm):
    """How many more business days, why, and who does it."""

    outcome = RadioField(_l("Your decision"), validators=[InputRequired(_l("Choose a decision."))], choices=[])
    assignee = SelectField(_l("Who takes it over?"), choices=[], description=_l("Only if you assign it."))
    business_days = IntegerField(
        _l("How many more business days?"), validators=[InputRequired()], description=_l("From 1 to 20, starting now.")
    )
    reason = TextAreaField(
        _l("Why?"), validators=[InputRequired(), Length(max=MAX_REASON)], description=_l("The team can read this.")
    )

    def validate_assignee(self, field: SelectField) -> None:
        if self.outcome.data == Outcome.ASSIGNED and not field.data:
            raise ValidationError(_("Choose who takes it over."))


class OverduePage(TaskPage[Late, OverdueForm]):
    """A late task before its supervisor."""

    template = "enrollment/staff/overdue.html"
    choices = CHOICES
    claim_on_top = False

    def read(self, session: Session, desk: Desk, task: TaskRow) -> Late:
        """The late task; it is of the same team, so whoever sees one sees the other."""
        late = find_task(session, desk, task.subject_id)
        assert late is not None
        title, due = words.title(late.kind, late.title_values), words.due(late.due_at, desk.now)
        days = setting(session, "overdue_extension_business_days", desk.now)
        return Late(late, title, due, words.holder(late, desk.now), members_for(session, late.id), days)

    def form(self, shown: Late) -> OverdueForm:
        """The form with the members of the team to choose from."""
        form = OverdueForm()
        if request.method == "GET":
            form.business_days.data = shown.proposed_days
        form.outcome.choices = [(outcome, choice.label) for outcome, choice in CHOICES.items()]
        members = ((str(one.account_id), _named(one)) for one in shown.members)
        form.assignee.choices = [("", _("Choose a person")), *members]
        return form

    def decide(self, act: Act, task: TaskRow, form: OverdueForm) -> None:
        version, days, reason = form.version.data, int(form.business_days.data or 0), form.reason.data or ""
        if form.outcome.data != Outcome.ASSIGNED:
            extend_review(act, task_id=task.id, version=version, business_days=days, reason=reason)
            return
        assign_review(
            act,
            task_id=task.id,
            version=version,
            assignee_id=UUID(form.assignee.data),
            business_days=days,
            reason=reason,
        )


def _named(member: Member) -> str:
    count = ngettext("%(num)d task assigned", "%(num)d tasks assigned", member.in_hand)
    return f"{member.name}, {count}"


OVERDUE = OverduePage()
