"""Sending the enrollment with its declaration, the receipt, and withdrawing it (E5)."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.domain.enrollment.lifecycle import APPLYING, WITH_THE_STATE
from models.store.core.act import Act
from models.store.enrollment.decisions import submit_enrollment, withdraw_enrollment
from webapp.core.errors import plain_page
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.text.error_messages import ALREADY_CHANGED
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.forms import SubmitForm, WithdrawForm
from webapp.enrollment.reading import application_or_404


@blueprint.route("/enrollment/<uuid:enrollment_id>/submit", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_SUBMIT)
def submit(enrollment_id: UUID) -> ResponseReturnValue:
    """The declaration; only when everything is signed."""
    application = application_or_404(enrollment_id, Permission.ENROLLMENT_SUBMIT)
    form = SubmitForm()

    def do(act: Act) -> str:
        submit_enrollment(act, enrollment_id=enrollment_id)
        return url_for("enrollment.submitted", enrollment_id=enrollment_id)

    answer = submit_form(form, do) if form.validate_on_submit() else None
    if answer is None and not (application.state in APPLYING and application.all_signed):
        return plain_page(409, ALREADY_CHANGED, tuple(link.message for link in form.error_links))
    return answer or form_page("enrollment/applicant/submit.html", form, application=application)


@blueprint.get("/enrollment/<uuid:enrollment_id>/submitted")
@requires(Permission.ENROLLMENT_SUBMIT)
def submitted(enrollment_id: UUID) -> ResponseReturnValue:
    """The receipt: reference, what comes next, by when."""
    application = application_or_404(enrollment_id, Permission.ENROLLMENT_SUBMIT)
    if application.submitted_at is None:
        abort(404)
    return render_template("enrollment/applicant/submitted.html", application=application)


@blueprint.route("/enrollment/<uuid:enrollment_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_WITHDRAW)
def withdraw(enrollment_id: UUID) -> ResponseReturnValue:
    """Ask why and whether it is meant, then withdraw the enrollment."""
    application = application_or_404(enrollment_id, Permission.ENROLLMENT_WITHDRAW)
    form = WithdrawForm()

    def do(act: Act) -> str:
        withdraw_enrollment(act, enrollment_id=enrollment_id, reason=str(form.reason.data))
        return url_for("enrollment.application", enrollment_id=enrollment_id)

    answer = submit_form(form, do) if form.validate_on_submit() else None
    if answer is None and application.state not in APPLYING | WITH_THE_STATE:
        return plain_page(409, ALREADY_CHANGED, tuple(link.message for link in form.error_links))
    return answer or form_page("enrollment/applicant/withdraw.html", form, application=application)
