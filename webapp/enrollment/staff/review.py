"""Reviewing and approving an enrollment: the form with a note for each field, and what the decisions do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import cast
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome
from models.domain.enrollment.review import FieldNote, StaffDecision
from models.queries.core.inbox import Desk
from models.queries.core.task_rows import TaskRow
from models.store.core.act import Act
from models.store.enrollment.decisions import decide
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.enrollment.staff.case import Case, read_case
from webapp.enrollment.staff.record_sections import AnswerLine
from webapp.tasks.forms import TaskForm
from webapp.tasks.page import DecisionOption, TaskPage

INLINE_SECTIONS = 12
"""With more sections than this a field is marked first and explained then, so that no page sends thousands of texts."""

REVIEW_CHOICES: Mapping[Outcome, DecisionOption] = {
    Outcome.RECOMMENDED: DecisionOption(
        _l("Recommend approval"),
        _l("Next: a second person of the enrollment team looks at it and approves it. That cannot be you."),
    ),
    Outcome.RETURNED: DecisionOption(
        _l("Return for correction"),
        _l("Next: the applicant corrects the fields that you marked and sends it again. All other answers stay."),
    ),
    Outcome.DENIED: DecisionOption(
        _l("Deny"), _l("Next: the applicant gets your reason by e-mail, and the enrollment ends. Nobody has a task.")
    ),
}
APPROVAL_CHOICES: Mapping[Outcome, DecisionOption] = {
    Outcome.APPROVED: DecisionOption(
        _l("Approve enrollment"),
        _l("Next: every location becomes active and gets its provider PIN. The system writes to all of them."),
    ),
    Outcome.RETURNED: REVIEW_CHOICES[Outcome.RETURNED],
    Outcome.DENIED: REVIEW_CHOICES[Outcome.DENIED],
}


class DecisionForm(TaskForm):
    """A decision with its reason. A note for each field comes in when the form is made for a case."""

    returned = SelectMultipleField(widget=ListWidget(), option_widget=CheckboxInput(), choices=[])
    outcome = RadioField(_l("Your decision"), validators=[InputRequired(_l("Choose your decision."))], choices=[])
    reason = TextAreaField(_l("Reason"), description=_l("You must give one to deny. The applicant reads it."))
    lines: tuple[AnswerLine, ...] = ()

    @cached_property
    def options(self) -> dict[str, object]:
        """The checkbox of each field, where fields are marked first."""
        return {str(option.data): option for option in self.returned}

    def offer(self, choices: Mapping[Outcome, DecisionOption]) -> None:
        """The decisions to choose from."""
        self.outcome.choices = [(outcome.value, choice.label) for outcome, choice in choices.items()]

    def note_of(self, key: str) -> TextAreaField | None:
        """Where the reason for returning a field is written."""
        return cast("TextAreaField | None", self._fields.get(f"note_{key}"))

    def notes(self) -> list[FieldNote]:
        """What is returned: each field with a reason, and each that is marked."""
        typed = [(line, self.note_of(line.key)) for line in self.lines]
        marked = set(self.returned.data or ())
        return [
            FieldNote(line.section_id, line.field, str(note.data or ""))
            for line, note in typed
            if note is not None and (note.data or line.key in marked)
        ]

    def validate_outcome(self, field: RadioField) -> None:
        if field.data != Outcome.RETURNED and self.notes():
            raise ValidationError(_("You wrote what has to be corrected. Choose “Return for correction”, or clear it."))

    def refuse(self, violation: RuleViolation) -> None:
        for single in violation.violations:
            section, _slash, field = (single.field or "").partition("/")
            if field:
                single.field = f"note_{UUID(section).hex}_{field}"
            elif section == "notes":
                single.field = "outcome"
            super().refuse(single)


def decision_form(choices: Mapping[Outcome, DecisionOption]) -> Callable[[Case], DecisionForm]:
    """Makes the form for a case: its decisions, and a note for each of its fields."""

    def make(case: Case) -> DecisionForm:
        lines = tuple(line for part in case.parts for block in part.blocks for line in block.lines)
        marked = set(request.form.getlist("returned"))
        inline = len(case.parts) <= INLINE_SECTIONS
        label = _l("What has to be corrected?")
        notes = {f"note_{line.key}": TextAreaField(label) for line in lines if inline or line.key in marked}
        form: DecisionForm = type("CaseForm", (DecisionForm,), notes)()
        form.lines = lines
        form.offer(choices)
        form.returned.choices = [] if inline else [(line.key, line.label) for line in lines]
        return form

    return make


def plain_form(choices: Mapping[Outcome, DecisionOption]) -> Callable[[], DecisionForm | None]:
    """Makes the form of a decision that returns no field: most do, and then nothing of the case has to be read."""

    def make() -> DecisionForm | None:
        if any(text for name, text in request.form.items() if name == "returned" or name.startswith("note_")):
            return None
        form = DecisionForm()
        form.offer(choices)
        return form

    return make


def decide_by_form(act: Act, task: TaskRow, form: DecisionForm) -> None:
    """Hands what the form says to the store."""
    decision = StaffDecision(Outcome(form.outcome.data), form.reason.data or "", form.notes())
    decide(act, task_id=task.id, version=form.version.data, decision=decision)


def _read(session: Session, desk: Desk, task: TaskRow) -> Case:
    return read_case(session, task.entity_id)


def _page(choices: Mapping[Outcome, DecisionOption]) -> TaskPage[Case, DecisionForm]:
    return TaskPage(
        "enrollment/staff/review.html", choices, _read, decision_form(choices), decide_by_form, plain_form(choices)
    )


REVIEW, APPROVAL = _page(REVIEW_CHOICES), _page(APPROVAL_CHOICES)
