"""The pages of sections A and B: one per step, the check of the answers, and completing (E2, E3, E9)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.domain.enrollment.fields import SECTIONS
from models.domain.records.sections import Step
from models.queries.enrollment.application import Application
from models.queries.enrollment.section_changes import last_saved_by
from models.queries.enrollment.sections import SectionSeen
from models.store.core.act import Act
from models.store.enrollment.sections import complete_section, reopen_section, save_answers
from webapp.core.errors import plain_page
from webapp.core.forms.buttons import press_button
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import current_actor, requires
from webapp.core.text.error_messages import ALREADY_CHANGED
from webapp.enrollment.applicant.check_page import check_page
from webapp.enrollment.applicant.editing import complete as is_complete
from webapp.enrollment.applicant.editing import editable
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.reading import section_or_404
from webapp.extensions import db
from webapp.records.check_page import CheckForm
from webapp.records.forms import StepForm, step_form
from webapp.records.step_page import answers_to_save, following, leaves, step_page, stops_here


@blueprint.route("/enrollment/sections/<uuid:section_id>/<step>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_EDIT_DRAFT)
def section(section_id: UUID, step: str) -> ResponseReturnValue:
    """One page of a section. What was typed is saved as far as it goes, and never lost."""
    application, seen = section_or_404(section_id, Permission.ENROLLMENT_EDIT_DRAFT)
    page = SECTIONS[seen.kind].step(step) or abort(404)
    form = step_form(page, SECTIONS[seen.kind].rules)()
    if request.method == "GET":
        form.fill(seen.answers)
        form.version.data = str(seen.version)
        return _step_page(form, application, seen, page)
    answer = _save(form, application, seen, page)
    return answer or _step_page(form, *section_or_404(section_id, Permission.ENROLLMENT_EDIT_DRAFT), page)


def _step_page(form: StepForm, application: Application, seen: SectionSeen, step: Step) -> ResponseReturnValue:
    if not editable(application, seen):
        return plain_page(409, ALREADY_CHANGED)
    return step_page(
        "enrollment/applicant/step.html",
        form,
        section=SECTIONS[seen.kind],
        step=step,
        answers=seen.answers,
        version=seen.version,
        notes=seen.notes,
        changed_by_same_person=partial(_changed_by_same_person, seen),
        application=application,
        seen=seen,
        reopens=is_complete(seen),
    )


def _changed_by_same_person(seen: SectionSeen) -> bool:
    """Whether what was saved meanwhile came from the same person, in another window."""
    return last_saved_by(db.session(), seen.section_id) == current_actor().id


def _save(form: StepForm, application: Application, seen: SectionSeen, page: Step) -> Response | None:
    """Saves what can be saved; None to stay on the page."""
    answers = answers_to_save(form)
    if answers is None:
        return None
    saved = _save_answers(form, answers, application, seen, page)
    return saved if saved is None else leaves(form, saved)


def _save_answers(
    form: StepForm, answers: Mapping[str, str], application: Application, seen: SectionSeen, page: Step
) -> Response | None:
    def do(act: Act) -> str:
        form.version_after = save_answers(act, section_id=seen.section_id, version=form.seen_version, answers=answers)
        return _next_address(application, seen, page)

    return submit_form(form, do)


def _next_address(application: Application, seen: SectionSeen, page: Step) -> str:
    if stops_here():
        return url_for("enrollment.application", enrollment_id=application.enrollment_id, saved=1)
    step = following(SECTIONS[seen.kind], page)
    if step is None:
        return url_for("enrollment.check", section_id=seen.section_id)
    return url_for("enrollment.section", section_id=seen.section_id, step=step.name)


@blueprint.route("/enrollment/sections/<uuid:section_id>/check")
@requires(Permission.ENROLLMENT_READ_OWN_PROGRESS)
def check(section_id: UUID) -> ResponseReturnValue:
    """Every answer of a section, each with the way to change it, and what is missing."""
    application, seen = section_or_404(section_id, Permission.ENROLLMENT_READ_OWN_PROGRESS)
    return check_page(CheckForm(version=str(seen.version)), application, seen)


@blueprint.post("/enrollment/sections/<uuid:section_id>/complete")
@requires(Permission.ENROLLMENT_EDIT_DRAFT)
def complete(section_id: UUID) -> ResponseReturnValue:
    """Declare a section complete, so that its signers are asked."""
    application, seen = section_or_404(section_id, Permission.ENROLLMENT_EDIT_DRAFT)
    form = CheckForm()

    def do(act: Act) -> str:
        complete_section(act, section_id=section_id, version=form.seen_version)
        return url_for("enrollment.application", enrollment_id=application.enrollment_id, completed=seen.kind.value)

    answer = submit_form(form, do) if form.validate_on_submit() else None
    return answer or check_page(form, *section_or_404(section_id, Permission.ENROLLMENT_EDIT_DRAFT))


@blueprint.post("/enrollment/sections/<uuid:section_id>/reopen")
@requires(Permission.ENROLLMENT_EDIT_DRAFT)
def reopen(section_id: UUID) -> ResponseReturnValue:
    """Open a complete section again; its signatures end."""
    section_or_404(section_id, Permission.ENROLLMENT_EDIT_DRAFT)

    def do(act: Act) -> str:
        reopen_section(act, section_id=section_id)
        return url_for("enrollment.check", section_id=section_id)

    return press_button(do)
