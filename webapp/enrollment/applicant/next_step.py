"""The one next step of an application in words, with the button that leads to it; home, list and pages read it here."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext as _

from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.lifecycle import APPLYING, SectionKind
from models.domain.enrollment.next_move import OPEN, Move, SectionStands, next_move
from models.domain.records.answers import answered
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import SectionSeen
from webapp.core.text.dates import day
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.enrollment.applicant.check_page import field_address
from webapp.enrollment.applicant.editing import fills_in
from webapp.enrollment.applicant.progress import Press

WAITING = (Move.WAIT_FOR_REVIEW, Move.WAIT_FOR_APPROVAL)
SENTENCES: Mapping[Move, str] = {
    Move.CORRECT: _l(
        "Correct what is listed below, or reply to the reviewer. Then complete the sections, and they are signed again."
    ),
    Move.REACH: _l("An email couldn't be delivered. Correct the address that is marked below."),
    Move.LIST_LOCATIONS: _l("List your locations. Each one needs a vaccine coordinator, who can be you."),
    Move.FILL_IN_A: _l("Fill in section A, check it, and complete it. Then we ask your officers to sign it."),
    Move.FILL_IN_B: _l(
        "Fill in section B for your location, check it, and complete it. Then we'll email you a link to sign it."
    ),
    Move.WAIT_FOR_COORDINATORS: _l(
        "Your coordinators are filling in section B, and we remind them. You don't need to do anything now."
    ),
    Move.WAIT_FOR_SIGNATURES: _l(
        "We're waiting for signatures, and we remind the signers. When everyone has signed, you can submit here."
    ),
    Move.SUBMIT: _l("Everything is signed. Submit your application now."),
    Move.WAIT_FOR_ADMINISTRATOR: _l(
        "Thank you. Section B is signed. %(name)s submits the application when everything is signed."
    ),
    Move.WAIT_FOR_REVIEW: _l(
        "We're checking your application. You'll hear from us by %(due)s. You don't need to do anything until then."
    ),
    Move.WAIT_FOR_APPROVAL: _l(
        "A second person is checking your application. You'll hear from us by %(due)s. "
        "You don't need to do anything until then."
    ),
    Move.APPROVED: _l(
        "Your application is approved, and your locations are active. Keep each location's PIN: "
        "you need it to order vaccine and when you call us."
    ),
    Move.DENIED: _l("We couldn't approve your application. Read the reason below, and what you can do."),
    Move.WITHDRAWN: _l(
        "This application was withdrawn. Nobody needs to do anything else. You can start a new one at any time."
    ),
}
OWN_SIGNATURE = _l(
    "Look in your mailbox: we sent you the link to sign section B. No email? Look in the spam folder, "
    "or ask %(name)s to send it again."
)
LATE = _l(
    "We promised you an answer by %(due)s, and it's taking longer. We're sorry. You don't need to do anything: "
    "we'll write to you as soon as we decide."
)


def move_of(application: Application) -> Move:
    """What comes next for the person who reads."""
    return next_move(application.state, [_stands(one) for one in application.sections], whole=application.whole)


def next_sentence(application: Application) -> str:
    """The one next step, in one or two sentences: who does what, and by when."""
    move = move_of(application)
    if move in WAITING and application.review_due_at is not None and application.review_due_at < application.now:
        move_words = LATE
    elif move is Move.WAIT_FOR_SIGNATURES and not application.whole:
        move_words = OWN_SIGNATURE
    else:
        move_words = SENTENCES[move]
    due = day(application.review_due_at) if application.review_due_at else ""
    return str(move_words) % {"due": due, "name": application.admin}


def next_button(application: Application) -> Press | None:
    """Where the next step is done; None where somebody else has to do something."""
    move, whole = move_of(application), application.enrollment_id
    addresses = {
        Move.LIST_LOCATIONS: (_("Add a location"), "enrollment.add_location"),
        Move.SUBMIT: (_("Submit the application"), "enrollment.submit"),
    }
    if move in addresses:
        words, endpoint = addresses[move]
        return Press(words, url_for(endpoint, enrollment_id=whole), page=True)
    if move in (Move.DENIED, Move.WITHDRAWN) and application.whole:
        return Press(_("Start a new application"), url_for("enrollment.begin"), page=True)
    sections = {Move.CORRECT: _to_correct, Move.FILL_IN_A: _to_fill_in, Move.FILL_IN_B: _to_fill_in}
    return sections[move](application) if move in sections else None


def _stands(section: SectionSeen) -> SectionStands:
    return SectionStands(section.kind, section.state, fills_in(section), len(section.notes), section.unreached)


def _to_correct(application: Application) -> Press | None:
    for section in application.sections:
        for name in section.notes:
            field = SECTIONS[section.kind].field(name)
            if field is not None:
                return Press(_("Correct it now"), field_address(section, field), page=True)
    return None


def _to_fill_in(application: Application) -> Press | None:
    section = next((one for one in application.sections if one.state in OPEN and fills_in(one)), None)
    if section is None or application.state not in APPLYING:
        return None
    return Press(_begin_or_go_on(section), first_page(section), page=True)


def _begin_or_go_on(section: SectionSeen) -> str:
    name = _("Section A") if section.kind is SectionKind.A else section.location_name or ""
    return _("Continue: %(section)s", section=name)


def first_page(section: SectionSeen) -> str:
    """The first page of a section with a required answer that is not there; the check page when all are."""
    steps = SECTIONS[section.kind].steps
    step = next((one for one in steps if not answered(one, section.answers)), None)
    if step is None:
        return url_for("enrollment.check", section_id=section.section_id)
    return url_for("enrollment.section", section_id=section.section_id, step=step.name)
