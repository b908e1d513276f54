"""The history of an enrollment in words, for state staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from models.domain.core.actors import ActorKind
from models.queries.core.timeline import MESSAGE, Event
from webapp.core.text.dates import moment
from webapp.core.text.lazy_text import lazy_text as _l

ACTS: Mapping[str, str] = {
    "enrollment.confirm": _l("Began the enrollment"),
    "location.add": _l("Added a location"),
    "location.change": _l("Changed a location or its coordinator"),
    "location.remove": _l("Removed a location"),
    "location.join": _l("Joined as coordinator of a location"),
    "section.complete": _l("Completed a section"),
    "section.reopen": _l("Opened a section again"),
    "section.sign": _l("Signed a section"),
    "signer.replace": _l("Named another signer"),
    "signer.keep": _l("Kept the signer"),
    "enrollment.submit": _l("Sent the enrollment"),
    "enrollment.withdraw": _l("Withdrew the enrollment"),
    "enrollment.recommended": _l("Recommended approval"),
    "enrollment.approved": _l("Approved the enrollment"),
    "enrollment.returned": _l("Returned the enrollment for correction"),
    "enrollment.denied": _l("Denied the enrollment"),
    "enrollment.in_approval": _l("Asked a second person for the approval"),
    "enrollment.send_back": _l("Opened the enrollment again for the applicant"),
    "enrollment.end_approved": _l("Activated the locations"),
    "enrollment.end_denied": _l("Closed the enrollment as denied"),
    "enrollment.end_withdrawn": _l("Closed the enrollment as withdrawn"),
    "review.extend": _l("Gave the review more time"),
    "task.claim": _l("Took the task"),
    "task.release": _l("Gave the task back"),
    "task.assign": _l("Assigned the task to somebody"),
}
TRIES: Mapping[str, str] = {
    "task.claim": _l("Tried to take the task, and was refused"),
    "task.decide": _l("Tried to decide the task, and was refused"),
}
MAILS: Mapping[str, str] = {
    "join_location": _l("invitation of a coordinator"),
    "join_reminder": _l("reminder to a coordinator"),
    "sign_section": _l("link to sign"),
    "sign_reminder": _l("reminder to sign"),
    "section_reminder": _l("reminder to fill in a section"),
    "section_returned": _l("a section was returned"),
    "submit_reminder": _l("reminder to send the enrollment"),
    "enrollment_submitted": _l("we have the enrollment"),
    "enrollment_returned": _l("the enrollment was returned"),
    **dict.fromkeys(("enrollment_approved", "enrollment_approved_officer"), _l("the enrollment was approved")),
    **dict.fromkeys(
        ("enrollment_denied", "enrollment_denied_coordinator", "enrollment_denied_officer"),
        _l("the enrollment was denied"),
    ),
    **dict.fromkeys(
        ("enrollment_withdrawn", "enrollment_withdrawn_coordinator", "enrollment_withdrawn_officer"),
        _l("the enrollment was withdrawn"),
    ),
    "location_active": _l("a location is active"),
    "review_due_soon": _l("a review is due soon"),
    "review_overdue": _l("a review is late"),
    "review_takes_longer": _l("the review takes longer"),
    **dict.fromkeys(("confirm_enrollment", "confirm_enrollment_known"), _l("link to begin an enrollment")),
    "account_invitation": _l("invitation to an account"),
    "no_account": _l("there is no account for this address"),
    "password_reset": _l("link for a new password"),
    "password_changed": _l("the password was changed"),
    "passkey_added": _l("a passkey was added"),
    "passkey_removed": _l("a passkey was removed"),
    "recovery_code_used": _l("a recovery code was used"),
    "recovery_codes_made": _l("new recovery codes were made"),
    "second_factor_added": _l("a second step was added to signing in"),
    "second_factor_removed": _l("the second step of signing in was removed"),
}
DELIVERY: Mapping[str, str] = {
    "waiting": _l("waits to be sent"),
    "sending": _l("is being sent"),
    "sent": _l("sent"),
    "undeliverable": _l("could not be delivered"),
}
ACTORS: Mapping[ActorKind, str] = {
    ActorKind.LINK: _l("Somebody with a mailed link"),
    ActorKind.PROCESS: _l("The system"),
    ActorKind.SYSTEM: _l("The system"),
    ActorKind.ANONYMOUS: _l("Somebody who was not signed in"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the timeline shows it."""

    text: str
    at: str
    by: str | None
    note: str | None


def history(events: tuple[Event, ...]) -> list[Line]:
    """The events that say something to a person, in their order."""
    found = ((event, _text(event)) for event in events)
    return [
        Line(text, moment(event.at), _who(event), event.detail.get("reason") or None) for event, text in found if text
    ]


def mail_name(template: str) -> str | None:
    """What a mail is about, by its template; None where no words are kept for it."""
    words = MAILS.get(template)
    return None if words is None else str(words)


def _text(event: Event) -> str | None:
    if event.what == MESSAGE:
        sent = str(event.detail["template"])
        about = mail_name(sent)
        return _("E-mail: %(about)s (%(status)s)", about=about, status=DELIVERY[event.outcome]) if about else None
    words = TRIES.get(event.what) if event.outcome == "refused" else ACTS.get(event.what)
    return str(words) if words else None


def _who(event: Event) -> str | None:
    if event.name is not None:
        return _("to %(name)s", name=event.name) if event.what == MESSAGE else event.name
    return str(ACTORS[event.actor]) if event.actor is not None and event.actor in ACTORS else None
