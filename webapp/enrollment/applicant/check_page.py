"""The check of a section's answers: all of them, what is missing with the way there, and the button to complete."""

from __future__ import annotations

from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.domain.enrollment.answers import missing_answers
from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.fields import Field
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import SectionSeen
from models.queries.records.choices import choices
from webapp.core.forms.buttons import PressForm
from webapp.enrollment.applicant.editing import complete, editable
from webapp.records.check_page import CheckForm, Gap, gaps
from webapp.records.summary import answer_groups


def check_page(form: CheckForm, application: Application, seen: SectionSeen) -> ResponseReturnValue:
    """The answers; after a refused completion also every gap, as links to their pages."""
    can_edit = editable(application, seen)
    form.version.data = str(seen.version)
    change = partial(field_address, seen) if can_edit else None
    page = render_template(
        "enrollment/applicant/check.html",
        form=form,
        press=PressForm(),
        application=application,
        section=seen,
        groups=answer_groups(SECTIONS[seen.kind], seen.answers, change=change, notes=seen.notes),
        gaps=section_gaps(application, seen) if can_edit and not complete(seen) else [],
        refused=request.method == "POST",
        can_edit=can_edit,
        is_complete=complete(seen),
    )
    return page, form.status


def section_gaps(application: Application, seen: SectionSeen) -> list[Gap]:
    """Everything that keeps the section from being complete."""
    listed = len(application.locations)
    found = missing_answers(seen.kind, seen.answers, choices=choices(), listed_locations=listed)
    locations = url_for("enrollment.locations", enrollment_id=application.enrollment_id)

    def address(field: Field) -> str:
        to_be_listed = seen.kind is SectionKind.A and not listed and field.name == "location_count"
        return locations if to_be_listed else field_address(seen, field)

    return gaps(SECTIONS[seen.kind], found, address, locations)


def field_address(seen: SectionSeen, field: Field) -> str:
    """The page where a field is changed, at the field."""
    return url_for("enrollment.section", section_id=seen.section_id, step=field.step, back="check", _anchor=field.name)
