"""The page of one step: its form, what the reviewer said, and what somebody else has saved meanwhile."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from models.domain.enrollment.fields import ChoiceSet, FieldKind, Step, steps_of
from models.queries.enrollment.application import Application
from models.queries.enrollment.reference import options
from models.queries.enrollment.section_changes import last_saved_by
from models.queries.enrollment.sections import SectionSeen
from webapp.core.errors import plain_page
from webapp.core.permissions import current_actor
from webapp.core.text.error_messages import ALREADY_CHANGED
from webapp.core.text.language import current_language
from webapp.enrollment.applicant.answers import shown
from webapp.enrollment.applicant.editing import complete, editable
from webapp.enrollment.applicant.step_forms import INPUT_MODES, OWN_AUTOCOMPLETE, WIDTHS, CatalogueForm, StepForm, typed
from webapp.extensions import db


def step_page(form: StepForm, application: Application, seen: SectionSeen, step: Step) -> ResponseReturnValue:
    """The form with everything typed. Over an older version, the saved answers stand beside what was typed."""
    if not editable(application, seen):
        return plain_page(409, ALREADY_CHANGED)
    saved = _saved_meanwhile(form, seen)
    partly = form.stays_open and form.version.data == ""
    form.version.data = str(seen.version)
    pages = [one.name for one in steps_of(seen.kind)]
    page = render_template(
        "enrollment/applicant/step.html",
        form=form,
        application=application,
        section=seen,
        step=step,
        number=pages.index(step.name) + 1,
        pages=len(pages),
        saved=saved,
        own=bool(saved) and _changed_by_same_person(seen),
        partly=partly,
        reopens=complete(seen),
        **drawing(form),
    )
    return page, 409 if saved else form.status


def drawing(form: CatalogueForm) -> dict[str, Any]:
    """How each field of the catalogue is drawn."""
    return {
        "widths": {field.name: WIDTHS.get(field.kind) for field in form.catalogue},
        "modes": {field.name: INPUT_MODES.get(field.kind) for field in form.catalogue},
        "autocomplete": OWN_AUTOCOMPLETE,
        "required": {field.name: field.required for field in form.catalogue},
        "counties": _counties(form),
    }


def _saved_meanwhile(form: StepForm, seen: SectionSeen) -> dict[str, str | None]:
    """Field by field what is saved now, where the form was made from an older version and says otherwise."""
    if request.method != "POST" or form.version.data in ("", str(seen.version)):
        return {}
    return {
        field.name: shown(field, seen.answers.get(field.name))
        for field in form.catalogue
        if typed(field, seen.answers.get(field.name)) != (form[field.name].data or "")
    }


def _changed_by_same_person(seen: SectionSeen) -> bool:
    """Whether what was saved meanwhile came from the same person, in another window."""
    return last_saved_by(db.session(), seen.section_id) == current_actor().id


def _counties(form: CatalogueForm) -> tuple[str, ...]:
    if not any(field.kind is FieldKind.COUNTY for field in form.catalogue):
        return ()
    return tuple(option.label for option in options(ChoiceSet.COUNTIES, current_language()))
