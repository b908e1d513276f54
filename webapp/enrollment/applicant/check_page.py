"""The check of a section's answers: all of them, what is missing with the way there, and the button to complete."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import HiddenField

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.answers import missing_answers
from models.domain.enrollment.fields import STEPS, Field, Step, find_field
from models.domain.enrollment.lifecycle import SectionKind
from models.queries.core.places import places
from models.queries.core.reference import choices
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import SectionSeen
from webapp.core.forms.form import Form
from webapp.core.text.refusals import say
from webapp.enrollment.applicant.answers import Change, answer_groups
from webapp.enrollment.applicant.editing import complete, editable
from webapp.enrollment.forms import PressForm


class CheckForm(Form):
    """The button that completes a section, for the version that was seen."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        text = str(self.version.data or "")
        return self.since_own_act(int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or does not fit, and the page where it is put right."""

    message: str
    href: str


def check_page(form: CheckForm, application: Application, seen: SectionSeen) -> ResponseReturnValue:
    """The answers; after a refused completion also every gap, as links to their pages."""
    can_edit = editable(application, seen)
    failed = request.method == "POST"
    form.version.data = str(seen.version)
    page = render_template(
        "enrollment/applicant/check.html",
        form=form,
        press=PressForm(),
        application=application,
        section=seen,
        groups=answer_groups(seen.kind, seen.answers, change=_change(seen) if can_edit else None, notes=seen.notes),
        gaps=gaps(application, seen) if failed else [],
        can_edit=can_edit,
        is_complete=complete(seen),
    )
    return page, form.status


def gaps(application: Application, seen: SectionSeen) -> list[Gap]:
    """Everything that keeps the section from being complete."""
    listed = len(application.locations)
    found = missing_answers(seen.kind, seen.answers, choices=choices(), places=places(), listed_locations=listed)
    return [Gap(_message(seen, violation), _where(application, seen, violation)) for violation in found]


def _message(seen: SectionSeen, violation: RuleViolation) -> str:
    """What is missing, and on which page, since two officers have the same fields."""
    field = find_field(seen.kind, violation.field or "")
    title = next((gettext(step.title) for step in STEPS if field and step.name is field.step), "")
    return f"{title} – {say(violation)}" if title else say(violation)


def _where(application: Application, seen: SectionSeen, violation: RuleViolation) -> str:
    field = find_field(seen.kind, violation.field or "")
    if field is None or (seen.kind is SectionKind.A and not application.locations and field.name == "location_count"):
        return url_for("enrollment.locations", enrollment_id=application.enrollment_id)
    return field_address(seen, field)


def _change(seen: SectionSeen) -> Change:
    def address(step: Step, field: Field) -> str:
        return field_address(seen, field)

    return address


def field_address(seen: SectionSeen, field: Field) -> str:
    """The page where a field is changed, at the field."""
    return url_for(
        "enrollment.section", section_id=seen.section_id, step=field.step.value, back="check", _anchor=field.name
    )
