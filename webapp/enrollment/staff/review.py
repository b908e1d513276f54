"""Reviewing and approving an enrollment: the form with a note for each field, and what the decisions do."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome
from models.domain.enrollment.review import StaffDecision
from models.queries.core.inbox import Desk
from models.queries.core.task_rows import TaskRow
from models.store.core.act import Act
from models.store.enrollment.decisions import decide
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.enrollment.staff.case import Case, read_case
from webapp.records.notes_form import NotesForm, without_notes
from webapp.tasks.forms import TaskForm
from webapp.tasks.page import DecisionOption, TaskPage

INLINE_SECTIONS = 12
"""With more sections than this a field is marked first and explained then, so that no page sends thousands of texts."""

REVIEW_CHOICES: Mapping[str, DecisionOption] = {
    Outcome.RECOMMENDED: DecisionOption(
        _l("Recommend approval"),
        _l("Next: a second person on the enrollment team checks and approves it. That can't be you."),
    ),
    Outcome.RETURNED: DecisionOption(
        _l("Return for correction"),
        _l("Next: the applicant corrects the fields you marked and submits again. All other answers stay."),
    ),
    Outcome.DENIED: DecisionOption(
        _l("Deny"), _l("Next: the applicant gets an email with a link to your reason, and the application is closed.")
    ),
}
APPROVAL_CHOICES: Mapping[str, DecisionOption] = {
    Outcome.APPROVED: DecisionOption(
        _l("Approve application"),
        _l("Next: every location becomes active and gets its provider PIN. We'll email all of them."),
    ),
    Outcome.RETURNED: REVIEW_CHOICES[Outcome.RETURNED],
    Outcome.DENIED: REVIEW_CHOICES[Outcome.DENIED],
}


class DecisionForm(NotesForm, TaskForm):
    """A decision with its reason, and a note on each field of the case where one is asked for."""

    outcome = RadioField(_l("Your decision"), validators=[InputRequired(_l("Choose a decision."))], choices=[])
    reason = TextAreaField(_l("Reason"), description=_l("Required if you deny. The applicant reads it."))

    def validate_outcome(self, field: RadioField) -> None:
        if field.data != Outcome.RETURNED and self.notes():
            raise ValidationError(
                _("You wrote what needs to be corrected. Choose “Return for correction”, or clear the notes.")
            )

    def refuse(self, violation: RuleViolation) -> None:
        for single in violation.violations:
            if single.field == "notes":
                single.field = "outcome"
            super().refuse(single)


class DecisionPage(TaskPage[Case, DecisionForm]):
    """One of the two decisions about an enrollment."""

    template = "enrollment/staff/review.html"

    def __init__(self, choices: Mapping[str, DecisionOption]) -> None:
        self.choices = choices

    def read(self, session: Session, desk: Desk, task: TaskRow) -> Case:
        return read_case(session, task.entity_id)

    def form(self, shown: Case) -> DecisionForm:
        form = self._form()
        lines = (line for part in shown.parts for block in part.blocks for line in block.lines)
        form.ask_notes(lines, inline=len(shown.parts) <= INLINE_SECTIONS)
        return form

    def short_form(self) -> DecisionForm | None:
        """Most decisions return no field, and then nothing of the case has to be read."""
        return self._form() if without_notes() else None

    def decide(self, act: Act, task: TaskRow, form: DecisionForm) -> None:
        decision = StaffDecision(Outcome(form.outcome.data), form.reason.data or "", form.notes())
        decide(act, task_id=task.id, version=form.version.data, decision=decision)

    def _form(self) -> DecisionForm:
        form = DecisionForm()
        form.outcome.choices = [(outcome, choice.label) for outcome, choice in self.choices.items()]
        return form


REVIEW, APPROVAL = DecisionPage(REVIEW_CHOICES), DecisionPage(APPROVAL_CHOICES)
