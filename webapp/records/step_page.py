"""The page of one step: its form, the notes on its fields, and what somebody else has saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from models.domain.records.fields import Field
from models.domain.records.sections import Section, Step
from models.domain.records.values import Answers
from webapp.records.forms import StepForm
from webapp.records.values import shown, typed

LATER = "later"


def step_page(
    template: str,
    form: StepForm,
    *,
    section: Section,
    step: Step,
    answers: Answers,
    version: int,
    notes: Mapping[str, str],
    changed_by_same_person: Callable[[], bool],
    **context: object,
) -> ResponseReturnValue:
    """The form with everything typed. Over an older version, the saved answers stand beside what was typed.

    `answers` and `version` are those that are saved, `notes` what was said about fields, `changed_by_same_person`
    whether whoever saved last is the reader, in another window. The template extends `records/step.html`.
    """
    saved = _saved_meanwhile(form, answers, version)
    partly = form.stays_open and form.version.data == ""
    form.version.data = str(version)
    names = [one.name for one in section.steps]
    page = render_template(
        template,
        form=form,
        step=step,
        number=names.index(step.name) + 1,
        pages=len(names),
        notes=notes,
        saved=saved,
        own=bool(saved) and changed_by_same_person(),
        partly=partly,
        **context,
    )
    return page, 409 if saved else form.status


def stops_here() -> bool:
    """Whether the person pressed the button to save and come back later."""
    return request.form.get("then") == LATER


def answers_to_save(form: StepForm) -> Mapping[str, str] | None:
    """What is saved now; None while nothing can be.

    Going on asks for every required answer. Coming back later saves what is right, and marks the rest (A12): then
    the form stays open.
    """
    if not stops_here():
        return form.answers if form.validate() and form.check() else None
    form.validate()
    right = form.check_given()
    if form.carried or form.form_token.errors or form.version.errors:
        return None
    form.stays_open = bool(form.errors)
    return right


def leaves(form: StepForm, saved: Response) -> Response | None:
    """The answer to a form that was saved; None where it stays open over what is marked."""
    if not form.stays_open:
        return saved
    form.version.data = ""
    return None


def following(section: Section, step: Step) -> Step | None:
    """The page that comes after this one; None to the check page: after the last, and for who came from there."""
    return None if request.args.get("back") == "check" else section.after(step)


def _saved_meanwhile(form: StepForm, answers: Answers, version: int) -> dict[str, str | None]:
    """Field by field what is saved now, where the form was made from an older version and says otherwise."""
    if request.method != "POST" or form.version.data in ("", str(version)):
        return {}
    return {field.name: shown(field, answers.get(field.name)) for field in form.asked if _differs(form, field, answers)}


def _differs(form: StepForm, field: Field, answers: Answers) -> bool:
    return typed(field, answers.get(field.name)) != (form[field.name].data or "")
