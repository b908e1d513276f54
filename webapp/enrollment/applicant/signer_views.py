"""Naming another signer of section A: that officer's own fields, and no others (E4)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.domain.enrollment.lifecycle import SectionState, SignerRole
from models.queries.enrollment.application import Application
from models.store.core.act import Act
from models.store.enrollment.signatures import replace_signer
from webapp.core.errors import plain_page
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.text.error_messages import ALREADY_CHANGED
from webapp.enrollment.applicant.editing import managed
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.forms import signer_form
from webapp.enrollment.labels import SIGNERS
from webapp.enrollment.reading import find_signature, of_signature_or_404
from webapp.records.forms import RecordForm

MANAGE = Permission.ENROLLMENT_MANAGE_LOCATIONS


@blueprint.route("/enrollment/signers/<uuid:signature_id>", methods=["GET", "POST"])
@requires(MANAGE)
def name_signer(signature_id: UUID) -> ResponseReturnValue:
    """Name another person for an office; the other officer's signature stays."""
    application, role = of_signature_or_404(signature_id, MANAGE)
    if role is SignerRole.COORDINATOR:
        abort(404)
    form = signer_form(role)()
    if request.method == "GET":
        form.fill(_known(application, signature_id))

    answer = None
    if form.validate_on_submit() and form.check():
        answer = _replace(form, application, signature_id)
    live = find_signature(application, signature_id)
    if answer is None and not (live and managed(application) and live[0].state is SectionState.AWAITING_SIGNATURE):
        return plain_page(409, ALREADY_CHANGED)
    named = live[1].name if live else ""
    context = {"application": application, "named": named, "signer": SIGNERS[role]}
    return answer or form_page("enrollment/applicant/name_signer.html", form, **context)


def _known(application: Application, signature_id: UUID) -> Mapping[str, str | int]:
    """What is there already: only where the address may just have been mistyped, since then the person stays."""
    live = find_signature(application, signature_id)
    return live[0].answers if live and live[1].undeliverable else {}


def _replace(form: RecordForm, application: Application, signature_id: UUID) -> Response | None:
    def do(act: Act) -> str:
        replace_signer(act, signature_id=signature_id, answers=form.answers)
        return url_for("enrollment.application", enrollment_id=application.enrollment_id)

    return submit_form(form, do)
