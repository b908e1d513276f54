"""The applicant's replies to the reviewer's notes on one page of a section (E9)."""

from __future__ import annotations

from uuid import UUID

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.domain.enrollment.fields import SECTIONS
from models.domain.records.notes import Correction
from models.domain.records.sections import Section, Step
from models.store.core.act import Act
from models.store.enrollment.replies import reply_to_notes
from webapp.core.errors import plain_page
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.text.error_messages import ALREADY_CHANGED
from webapp.enrollment.applicant.editing import editable
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.reading import section_or_404
from webapp.records.replies_form import RepliesForm


@blueprint.route("/enrollment/sections/<uuid:section_id>/<step>/replies", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_EDIT_DRAFT)
def replies(section_id: UUID, step: str) -> ResponseReturnValue:
    """Say why an answer stays as it is, or what was done about a note; the reviewer reads it beside the note."""
    application, seen = section_or_404(section_id, Permission.ENROLLMENT_EDIT_DRAFT)
    section = SECTIONS[seen.kind]
    notes = noted_on(section, section.step(step) or abort(404), seen.corrections)
    form = RepliesForm()
    form.ask(section, notes)

    def do(act: Act) -> str:
        reply_to_notes(act, section_id=section_id, replies=form.replies())
        return url_for("enrollment.application", enrollment_id=application.enrollment_id, replied=1)

    answer = submit_form(form, do) if form.validate_on_submit() else None
    if answer is None and not (notes and editable(application, seen)):
        return plain_page(409, ALREADY_CHANGED)
    context = {"application": application, "section": seen, "corrections": notes}
    return answer or form_page("enrollment/applicant/replies.html", form, **context)


def noted_on(section: Section, step: Step, corrections: tuple[Correction, ...]) -> tuple[Correction, ...]:
    """The notes on the fields of one page."""
    return tuple(one for one in corrections if section.step_of(one.field) == step)
