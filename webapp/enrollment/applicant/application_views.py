"""The applicant's home: what is done, what waits for whom, what comes next; and the buttons on it (E10)."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.queries.enrollment.application import enrollments_within, find_application
from models.store.core.act import Act
from models.store.enrollment.signatures import keep_signer, resend_invitation, resend_signature_link
from webapp.core.forms.buttons import PressForm, press_button
from webapp.core.permissions import current_reach, requires
from webapp.enrollment.applicant.home_page import home_page
from webapp.enrollment.applicant.next_step import next_sentence
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.labels import ENROLLMENT_TAGS
from webapp.enrollment.reading import application_or_404, location_or_404, of_signature_or_404, task_application_or_404
from webapp.extensions import db

READ = Permission.ENROLLMENT_READ_OWN_PROGRESS
MANAGE = Permission.ENROLLMENT_MANAGE_LOCATIONS


@blueprint.get("/enrollment")
@requires(READ)
def home() -> ResponseReturnValue:
    """Every enrollment of the person; straight to the only one."""
    reach = current_reach(READ)
    rows = enrollments_within(db.session(), reach)
    if len(rows) == 1:
        return redirect(url_for("enrollment.application", enrollment_id=rows[0].enrollment_id))
    applications = (find_application(db.session(), row.enrollment_id, reach) for row in rows)
    found = [(one, next_sentence(one)) for one in applications if one is not None]
    return render_template("enrollment/applicant/home.html", rows=found, tags=ENROLLMENT_TAGS)


@blueprint.get("/enrollment/<uuid:enrollment_id>")
@requires(READ)
def application(enrollment_id: UUID) -> ResponseReturnValue:
    """Where one enrollment stands."""
    return home_page(application_or_404(enrollment_id, READ), PressForm())


@blueprint.post("/enrollment/sections/<uuid:section_id>/send-again")
@requires(MANAGE)
def send_invitation(section_id: UUID) -> ResponseReturnValue:
    """Send a coordinator a fresh invitation."""
    seen, section = location_or_404(section_id, MANAGE)

    def do(act: Act) -> str:
        resend_invitation(act, section_id=section.section_id)
        return url_for("enrollment.application", enrollment_id=seen.enrollment_id, sent=1)

    return press_button(do)


@blueprint.post("/enrollment/signatures/<uuid:signature_id>/send-again")
@requires(MANAGE)
def send_signature(signature_id: UUID) -> ResponseReturnValue:
    """Send a signer a fresh link."""
    seen, _role = of_signature_or_404(signature_id, MANAGE)

    def do(act: Act) -> str:
        resend_signature_link(act, signature_id=signature_id)
        return url_for("enrollment.application", enrollment_id=seen.enrollment_id, sent=1)

    return press_button(do)


@blueprint.post("/enrollment/signers/<uuid:task_id>/keep")
@requires(MANAGE)
def keep(task_id: UUID) -> ResponseReturnValue:
    """Wait for the same person, who is reminded from the beginning."""
    seen = task_application_or_404(task_id, MANAGE)

    def do(act: Act) -> str:
        keep_signer(act, task_id=task_id)
        return url_for("enrollment.application", enrollment_id=seen.enrollment_id, sent=1)

    return press_button(do)
