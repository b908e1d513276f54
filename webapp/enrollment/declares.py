"""What enrollment brings to the web app: its pages, and the words for its tasks, refusals, events and mails."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for

from models.domain.enrollment.fields import steps_of
from models.domain.enrollment.kinds import Outcome, ProcessKind, TaskKind, Team
from models.domain.enrollment.lifecycle import SectionKind
from models.queries.core.task_rows import TaskRow
from webapp.core.capability import Place, WebCapability, the_public
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.enrollment.staff.overdue import OVERDUE
from webapp.enrollment.staff.review import APPROVAL, REVIEW
from webapp.enrollment.views import blueprint

TITLES: Mapping[str, str] = {
    TaskKind.COMPLETE_SECTION: _l("Fill in section %(section)s: %(place)s"),
    TaskKind.SIGN_SECTION: _l("Sign section %(section)s: %(place)s"),
    TaskKind.NAME_ANOTHER_SIGNER: _l("Name another signer in place of %(name)s"),
    TaskKind.SUBMIT_ENROLLMENT: _l("Submit the application: %(organization)s"),
    TaskKind.REVIEW_ENROLLMENT: _l("Review enrollment: %(organization)s"),
    TaskKind.APPROVE_ENROLLMENT: _l("Approve application: %(organization)s"),
    TaskKind.RESOLVE_OVERDUE_TASK: _l("Decide about an overdue task: %(organization)s"),
}
OUTCOMES: Mapping[str, str] = {
    Outcome.COMPLETED: _l("Completed"),
    Outcome.SIGNED: _l("Signed"),
    Outcome.REPLACED: _l("Named another signer"),
    Outcome.KEPT: _l("Signer kept"),
    Outcome.SUBMITTED: _l("Sent"),
    Outcome.RECOMMENDED: _l("Recommended for approval"),
    Outcome.APPROVED: _l("Approved"),
    Outcome.RETURNED: _l("Returned for correction"),
    Outcome.DENIED: _l("Denied"),
    Outcome.EXTENDED: _l("Given more time"),
    Outcome.ASSIGNED: _l("Assigned"),
}
REFUSALS: Mapping[str, str] = {
    "missing_name": _l("Type your name to sign."),
    "other_name": _l("Type your name exactly like this: %(name)s"),
    "county_not_in_state": _l("Enter a county in North Carolina, such as Wake."),
    "zip_not_in_state": _l("This ZIP code isn't in the state you chose. Correct the ZIP code or the state."),
    "county_offered": _l("Your ZIP code is in %(county)s County, so we filled it in. Check it, then continue."),
    "no_capacity": _l("At least one of the three must be more than 0. A location must be able to store vaccine."),
    "location_count": _l(
        "You said how many locations you have, but added %(listed)s. Add the missing locations or change the number."
    ),
    "location_twice": _l("You've already added a location with this name."),
    "wrong_state": _l("You can't do this now, because the application has moved on."),
    "wrong_section_state": _l("You can't do this now, because the section has changed."),
    "location_removed": _l("This location was removed from the application."),
    "already_signed": _l("This is already signed."),
    "signature_superseded": _l("The answers changed, so we sent the new text to be signed."),
    "other_text": _l("The text has changed. Read it again before you sign."),
    "other_account": _l("Sign in with the account for the email address we wrote to."),
    "not_all_signed": _l("Some people haven't signed yet."),
    "organization_known": _l(
        "Your organization may have applied already. If this is a different organization, check the box."
    ),
    "sent_just_now": _l("We just sent a link. Wait %(minutes)s minutes before you ask for another one."),
    "no_location": _l("Add at least one location."),
    "too_many_locations": _l("One application can cover up to %(max)s locations."),
    "already_decided": _l("The application was just decided."),
    "other_fields": _l("You can only change this signer's fields here."),
    "not_a_reviewer": _l("Choose someone on the review team."),
    "reply_missing": _l("Write your reply."),
    "note_unknown": _l("This doesn't exist anymore."),
    "notes_missing": _l("Mark at least one field and say what needs to be corrected."),
    **dict.fromkeys(
        ("enrollment_unknown", "section_unknown", "signature_unknown", "start_unknown", "unknown_field"),
        _l("This doesn't exist anymore."),
    ),
}
EVENTS: Mapping[str, str] = {
    "enrollment.confirm": _l("Started the application"),
    "location.add": _l("Added a location"),
    "location.change": _l("Changed a location or its coordinator"),
    "location.remove": _l("Removed a location"),
    "location.join": _l("Joined as coordinator of a location"),
    "section.complete": _l("Completed a section"),
    "section.reopen": _l("Reopened a section"),
    "section.reply": _l("Replied to the reviewer"),
    "section.sign": _l("Signed a section"),
    "signer.replace": _l("Named another signer"),
    "signer.keep": _l("Kept the signer"),
    "enrollment.submit": _l("Submitted the application"),
    "enrollment.withdraw": _l("Withdrew the application"),
    "enrollment.recommended": _l("Recommended approval"),
    "enrollment.approved": _l("Approved the application"),
    "enrollment.returned": _l("Returned the enrollment for correction"),
    "enrollment.denied": _l("Denied the application"),
    "enrollment.in_approval": _l("Asked a second person for the approval"),
    "enrollment.send_back": _l("Reopened the application for the applicant"),
    "enrollment.end_approved": _l("Activated the locations"),
    "enrollment.end_denied": _l("Closed the application as denied"),
    "enrollment.end_withdrawn": _l("Closed the application as withdrawn"),
    "review.extend": _l("Gave the review more time"),
}


def _section(task: TaskRow) -> str:
    kind = SectionKind.B if task.location_id else SectionKind.A
    return url_for("enrollment.section", section_id=task.subject_id, step=steps_of(kind)[0].name.value)


def _application(task: TaskRow) -> str:
    return url_for("enrollment.application", enrollment_id=task.entity_id)


CAPABILITY = WebCapability(
    "enrollment",
    blueprints=(blueprint,),
    menu=(Place("enrollment.home", _l("My application"), the_public),),
    homes=(Place("enrollment.home", _l("My application"), the_public),),
    titles=TITLES,
    outcomes=OUTCOMES,
    teams={Team.ENROLLMENT: _l("the enrollment team")},
    processes={ProcessKind.PROVIDER_ENROLLMENT: _l("Provider enrollment")},
    task_pages={
        TaskKind.REVIEW_ENROLLMENT: REVIEW,
        TaskKind.APPROVE_ENROLLMENT: APPROVAL,
        TaskKind.RESOLVE_OVERDUE_TASK: OVERDUE,
    },
    task_addresses={
        TaskKind.COMPLETE_SECTION: _section,
        TaskKind.SIGN_SECTION: _application,
        TaskKind.NAME_ANOTHER_SIGNER: _application,
        TaskKind.SUBMIT_ENROLLMENT: _application,
    },
    refusals=REFUSALS,
    events=EVENTS,
)
