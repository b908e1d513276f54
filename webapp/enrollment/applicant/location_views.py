"""The list of locations: add, change (also the coordinator), remove (E2, E3)."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.store.core.act import Act
from models.store.enrollment.locations import add_location, change_location, remove_location
from webapp.core.forms.buttons import PressForm
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.enrollment.applicant.editing import managed
from webapp.enrollment.applicant.progress import listed, location_rows
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.forms import LocationForm
from webapp.enrollment.reading import application_or_404, location_or_404, of_section_or_404

MANAGE = Permission.ENROLLMENT_MANAGE_LOCATIONS


@blueprint.get("/enrollment/<uuid:enrollment_id>/locations")
@requires(MANAGE)
def locations(enrollment_id: UUID) -> ResponseReturnValue:
    """Every location with its coordinator."""
    application = application_or_404(enrollment_id, MANAGE)
    return render_template(
        "enrollment/applicant/locations.html",
        application=application,
        rows=location_rows(application),
        can_edit=managed(application),
    )


@blueprint.route("/enrollment/<uuid:enrollment_id>/locations/add", methods=["GET", "POST"], endpoint="add_location")
@requires(MANAGE)
def new_location(enrollment_id: UUID) -> ResponseReturnValue:
    """List one more location; its coordinator is invited by mail."""
    application = application_or_404(enrollment_id, MANAGE)
    form = LocationForm()

    def do(act: Act) -> str:
        add_location(act, enrollment_id=enrollment_id, **form.answers, language=str(form.language.data))
        return url_for("enrollment.locations", enrollment_id=enrollment_id)

    answer = submit_form(form, do) if form.validate_on_submit() and form.check() else None
    return answer or form_page("enrollment/applicant/location.html", form, application=application, section=None)


@blueprint.route("/enrollment/locations/<uuid:section_id>", methods=["GET", "POST"], endpoint="change_location")
@requires(MANAGE)
def change(section_id: UUID) -> ResponseReturnValue:
    """Change the name of a location or its coordinator; another address invites another coordinator."""
    application, section = location_or_404(section_id, MANAGE)
    form = LocationForm(language=section.coordinator_language)
    if request.method == "GET":
        form.fill(listed(section))

    def do(act: Act) -> str:
        change_location(act, section_id=section_id, **form.answers, language=str(form.language.data))
        return url_for("enrollment.locations", enrollment_id=application.enrollment_id)

    answer = submit_form(form, do) if form.validate_on_submit() and form.check() else None
    return answer or form_page("enrollment/applicant/location.html", form, application=application, section=section)


@blueprint.route("/enrollment/locations/<uuid:section_id>/remove", methods=["GET", "POST"], endpoint="remove_location")
@requires(MANAGE)
def remove(section_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take the location out of the enrollment."""
    application = of_section_or_404(section_id, MANAGE)
    form = PressForm()

    def do(act: Act) -> str:
        remove_location(act, section_id=section_id)
        return url_for("enrollment.locations", enrollment_id=application.enrollment_id)

    if application.section_a and application.section_a.section_id == section_id:
        abort(404)
    answer = submit_form(form, do) if form.validate_on_submit() else None
    if answer is not None:
        return answer
    section = next((one for one in application.locations if one.section_id == section_id), None) or abort(404)
    return form_page("enrollment/applicant/remove_location.html", form, application=application, section=section)
