"""What the applicant's home says: the one sentence of where it stands, the steps of the process, the task list."""

from __future__ import annotations

from functools import partial

from flask import render_template, request, url_for
from flask_babel import gettext as _

from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.lifecycle import APPLYING, WITH_THE_STATE, EnrollmentState, SectionKind
from models.domain.records.fields import Field
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import SectionSeen
from webapp.core.forms.buttons import PressForm
from webapp.core.steps import ProcessStep, process_steps
from webapp.core.text.dates import ago, day
from webapp.enrollment import labels as words
from webapp.enrollment.applicant.check_page import field_address
from webapp.enrollment.applicant.editing import editable, fills_in
from webapp.enrollment.applicant.next_step import next_button, next_sentence
from webapp.enrollment.applicant.progress import location_rows, section_rows, signature_rows
from webapp.records.noted_answers import NoteLink, note_links

STAGES = {
    EnrollmentState.DRAFT: 0,
    EnrollmentState.RETURNED: 0,
    EnrollmentState.IN_REVIEW: 1,
    EnrollmentState.IN_APPROVAL: 2,
    EnrollmentState.APPROVED: 4,
}


def home_page(application: Application, form: PressForm) -> str:
    """The page of one enrollment."""
    sections = application.sections
    return render_template(
        "enrollment/applicant/application.html",
        form=form,
        application=application,
        tag=words.ENROLLMENT_TAGS[application.state],
        next_step=next_sentence(application),
        next_button=next_button(application),
        stages=stages(application),
        section_a=section_rows(application, application.section_a) if application.section_a else (),
        own=[(one, section_rows(application, one)) for one in sections if _is_own(one)],
        locations=location_rows(application),
        signatures=[(one, signature_rows(application, one)) for one in sections if one.signatures],
        pins=[(one.location_name, one.pin) for one in sections if one.pin],
        notes=[note for section in sections for note in _notes(application, section)],
        notice=_notice(),
        applying=application.state in APPLYING,
        with_the_state=application.state in WITH_THE_STATE,
    )


def stages(application: Application) -> list[ProcessStep]:
    """The steps from filling in to active locations; none when it ended otherwise."""
    now = STAGES.get(application.state)
    if now is None:
        return []
    texts = (
        _("You fill in, sign, and submit the application"),
        _("A reviewer checks it"),
        _("A second person approves it"),
        _("Your locations are active"),
    )
    details = {number: _detail(application, number, now) for number in range(len(texts))}
    return process_steps(texts, now, details=details)


def _detail(application: Application, number: int, now: int) -> str | None:
    if number == 0 and now > 0 and application.submitted_at:
        return _("Submitted on %(day)s", day=day(application.submitted_at))
    if number == now == 0:
        return _("Waiting for your organization since %(day)s", day=day(application.state_since))
    if number != now or application.state not in WITH_THE_STATE:
        return None
    if application.held_since:
        return _("A reviewer has been working on it since %(day)s", day=day(application.held_since))
    since = ago(application.state_since, application.now)
    return _("With our enrollment team since %(since)s", since=since)


def _is_own(section: SectionSeen) -> bool:
    """A location whose coordinator is the reader, the administrator or not."""
    return section.kind is SectionKind.B and fills_in(section)


def _notes(application: Application, section: SectionSeen) -> list[NoteLink]:
    place = section.location_name or _("Section A")
    reply = partial(_reply_address, section) if editable(application, section) else None
    return note_links(SECTIONS[section.kind], place, section.corrections, partial(field_address, section), reply)


def _reply_address(section: SectionSeen, field: Field) -> str:
    return url_for("enrollment.replies", section_id=section.section_id, step=field.step)


def _notice() -> str | None:
    notices = {
        "saved": _("Your answers are saved. You can come back at any time."),
        "sent": _("We sent a new link. The old link no longer works."),
        "replied": _("Your reply is saved. The reviewer reads it beside the note."),
        "completed": _("The section is complete. We're emailing the links to sign it."),
    }
    return next((text for name, text in notices.items() if name in request.args), None)
