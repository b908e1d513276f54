"""State staff's view of one enrollment: where it stands, whom it waits for, every answer, its history (E10, E18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.core.permissions import Permission, Reach
from models.domain.enrollment.kinds import Team
from models.domain.enrollment.lifecycle import APPLYING, FINAL, EnrollmentState
from models.queries.enrollment.application import Application, find_application
from models.queries.enrollment.review import answers_signed_before, earlier_decisions
from models.queries.enrollment.similar import Likeness, similar_enrollments
from models.queries.enrollment.timeline import enrollment_timeline
from webapp.core.permissions import current_principal, current_reach, requires
from webapp.core.steps import ProcessStep, process_steps
from webapp.core.text.dates import day
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.labels import Tag
from webapp.enrollment.staff.record_sections import Past, SectionPart, last_return, section_parts
from webapp.enrollment.staff.timeline import history
from webapp.extensions import db

READ = Permission.ENROLLMENT_READ
TAGS: Mapping[EnrollmentState, Tag] = {
    EnrollmentState.DRAFT: (_l("With the applicant"), "active"),
    EnrollmentState.RETURNED: (_l("Returned to the applicant"), "waiting"),
    EnrollmentState.IN_REVIEW: (_l("In review"), "todo"),
    EnrollmentState.IN_APPROVAL: (_l("In approval"), "todo"),
    EnrollmentState.APPROVED: (_l("Approved"), "good"),
    EnrollmentState.DENIED: (_l("Denied"), "bad"),
    EnrollmentState.WITHDRAWN: (_l("Withdrawn"), "neutral"),
}
STAGES: tuple[tuple[frozenset[EnrollmentState], str], ...] = (
    (APPLYING, _l("The applicant fills it in, and it is signed")),
    (frozenset({EnrollmentState.IN_REVIEW}), _l("A reviewer looks at it")),
    (frozenset({EnrollmentState.IN_APPROVAL}), _l("A second person approves it")),
    (FINAL, _l("Decided")),
)


LIKENESS: Mapping[Likeness, str] = {
    Likeness.NAME: _l("the same name"),
    Likeness.ADDRESS: _l("the same address"),
    Likeness.DOMAIN: _l("the same email domain"),
}


@blueprint.get("/staff/enrollment/<uuid:enrollment_id>")
@requires(READ)
def record(enrollment_id: UUID) -> ResponseReturnValue:
    """The whole record; the applicant's own people are led to their own page."""
    application = find_application(db.session(), enrollment_id, _staff_reach()) or abort(404)
    principal = current_principal()
    if principal is None or not principal.state_staff:
        return redirect(url_for("enrollment.application", enrollment_id=enrollment_id))
    return render_template(
        "enrollment/staff/record.html",
        application=application,
        tag=TAGS[application.state],
        waits_for=waits_for(application),
        since=day(application.state_since),
        stages=stages(application),
        parts=_parts(application),
        alike=similar_enrollments(db.session(), enrollment_id),
        likeness=LIKENESS,
        history=history(enrollment_timeline(db.session(), enrollment_id)),
    )


def _staff_reach() -> Reach:
    """The enrollments are the enrollment team's, so whoever reaches the team's reaches all of them."""
    reach = current_reach(READ)
    return replace(reach, everything=reach.everything or Team.ENROLLMENT in reach.teams)


def _parts(application: Application) -> tuple[SectionPart, ...]:
    decisions = earlier_decisions(db.session(), application.enrollment_id)
    returned_at = last_return(decisions)
    signed = answers_signed_before(db.session(), application.enrollment_id, returned_at) if returned_at else {}
    return section_parts(application, Past(signed, decisions), masked=current_reach(READ).masked)


def waits_for(application: Application) -> str | None:
    """Who has to do something now; None when nobody has."""
    if application.state in APPLYING:
        return application.admin
    return None if application.state in FINAL else _("the enrollment team")


def stages(application: Application) -> list[ProcessStep]:
    """The steps, with the present one and whom it waits for."""
    at = next(number for number, (states, _text) in enumerate(STAGES) if application.state in states)
    over = application.state in FINAL
    detail = str(TAGS[application.state][0]) if over else _waiting(application)
    return process_steps([text for _states, text in STAGES], at, details={at: detail}, over=over)


def _waiting(application: Application) -> str:
    who, since = waits_for(application), day(application.state_since)
    return _("Waiting for %(who)s since %(since)s", who=who, since=since)
