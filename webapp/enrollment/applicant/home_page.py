"""What the applicant's home says: the one sentence of where it stands, the steps of the process, the task list."""

from __future__ import annotations

from functools import partial

from flask import render_template, request
from flask_babel import gettext as _

from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.lifecycle import APPLYING, WITH_THE_STATE, EnrollmentState
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import SectionSeen
from webapp.core.forms.buttons import PressForm
from webapp.core.steps import ProcessStep, process_steps
from webapp.core.text.dates import ago, day
from webapp.enrollment import labels as words
from webapp.enrollment.applicant.check_page import field_address
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
        stages=stages(application),
        section_a=section_rows(application, application.section_a) if application.section_a else (),
        own=[(one, section_rows(application, one)) for one in sections if not application.whole],
        locations=location_rows(application),
        signatures=[(one, signature_rows(application, one)) for one in sections if one.signatures],
        pins=[(one.location_name, one.pin) for one in sections if one.pin],
        notes=[note for section in sections for note in _notes(section)],
        notice=_notice(),
        applying=application.state in APPLYING,
        with_the_state=application.state in WITH_THE_STATE,
    )


def next_sentence(application: Application) -> str:
    """The one next step, in one sentence."""
    if application.state in APPLYING:
        return _next_of_applicant(application)
    due = day(application.review_due_at) if application.review_due_at else ""
    if (
        application.state in WITH_THE_STATE
        and application.review_due_at
        and application.review_due_at < application.now
    ):
        return _("We promised our answer by %(due)s, and it takes longer. We are sorry. We work on it.", due=due)
    sentences = {
        EnrollmentState.IN_REVIEW: _("We are checking your enrollment. You have our answer by %(due)s.", due=due),
        EnrollmentState.IN_APPROVAL: _(
            "A second person is checking your enrollment. You have our answer by %(due)s.", due=due
        ),
        EnrollmentState.APPROVED: _("Your enrollment is approved. Your locations can now receive vaccine."),
        EnrollmentState.DENIED: _("Your enrollment was denied. You can read the reason here and apply again."),
        EnrollmentState.WITHDRAWN: _("This enrollment was withdrawn. You can begin a new one at any time."),
    }
    return sentences[application.state]


def _next_of_applicant(application: Application) -> str:
    if not application.whole:
        return _next_of_coordinator(application)
    noted = any(section.notes for section in application.sections)
    if noted and not application.all_signed:
        return _("Please correct what is listed below. Then the sections are signed again.")
    if any(section.unreached for section in application.sections):
        return _("An email couldn't be delivered. Correct the address that is marked below.")
    if application.all_signed:
        return _("Everything is signed. Send your enrollment to us now.")
    if not application.locations:
        return _("Fill in section A, and list your locations.")
    if any(section.state in words.OPEN_SECTIONS for section in application.sections):
        return _("Complete section A. Each coordinator completes section B of a location.")
    return _("We wait for the signatures. You will hear from us when all have signed.")


def _next_of_coordinator(application: Application) -> str:
    if any(section.state in words.OPEN_SECTIONS for section in application.sections):
        return _("Fill in section B of your location, check it, and complete it. Then you sign it by e-mail.")
    if application.all_signed:
        return _("Thank you. Section B is signed. %(name)s sends the enrollment to us.", name=application.admin)
    return _("Look in your mailbox. We sent you the link to sign section B.")


def stages(application: Application) -> list[ProcessStep]:
    """The steps from filling in to active locations; none when it ended otherwise."""
    now = STAGES.get(application.state)
    if now is None:
        return []
    texts = (
        _("You fill in, sign and send the enrollment"),
        _("A reviewer checks it"),
        _("A second person approves it"),
        _("Your locations are active"),
    )
    details = {number: _detail(application, number, now) for number in range(len(texts))}
    return process_steps(texts, now, details=details)


def _detail(application: Application, number: int, now: int) -> str | None:
    if number == 0 and now > 0 and application.submitted_at:
        return _("Sent on %(day)s", day=day(application.submitted_at))
    if number == now == 0:
        return _("Waits for your organization since %(day)s", day=day(application.state_since))
    if number != now or application.state not in WITH_THE_STATE:
        return None
    if application.held_since:
        return _("A reviewer has had it in hand since %(day)s", day=day(application.held_since))
    since = ago(application.state_since, application.now)
    return _("Waits for our enrollment team: %(since)s", since=since)


def _notes(section: SectionSeen) -> list[NoteLink]:
    place = section.location_name or _("Section A")
    return note_links(SECTIONS[section.kind], place, section.notes, partial(field_address, section))


def _notice() -> str | None:
    notices = {
        "saved": _("Your answers are saved. You can come back at any time."),
        "sent": _("A fresh link is on its way. The older link no longer works."),
        "completed": _("The section is complete. We send the links to sign it now."),
    }
    return next((text for name, text in notices.items() if name in request.args), None)
