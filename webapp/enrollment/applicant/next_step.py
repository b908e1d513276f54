"""The one next step of an application in words, with the button that leads to it; home, list and pages read it here."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.lifecycle import APPLYING, SectionKind
from models.domain.enrollment.next_move import OPEN, Move, SectionStands, next_move
from models.domain.records.answers import answered
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import SectionSeen
from webapp.core.text.dates import day
from webapp.enrollment.applicant.check_page import field_address
from webapp.enrollment.applicant.editing import fills_in
from webapp.enrollment.applicant.progress import Press


def move_of(application: Application) -> Move:
    """What comes next for the person who reads."""
    return next_move(application.state, [_stands(one) for one in application.sections], whole=application.whole)


def next_sentence(application: Application) -> str:
    """The one next step, in one or two sentences."""
    move = move_of(application)
    due = day(application.review_due_at) if application.review_due_at else ""
    late = application.review_due_at is not None and application.review_due_at < application.now
    if move in (Move.WAIT_FOR_REVIEW, Move.WAIT_FOR_APPROVAL) and late:
        return _("We promised our answer by %(due)s, and it takes longer. We are sorry. We work on it.", due=due)
    if move in (Move.WAIT_FOR_REVIEW, Move.WAIT_FOR_APPROVAL) or move not in _OF_APPLICANT:
        return _of_state(move, due)
    return str(_of_applicant(move, application))


def next_button(application: Application) -> Press | None:
    """Where the next step is done; None where somebody else has to do something."""
    move, whole = move_of(application), application.enrollment_id
    addresses = {
        Move.LIST_LOCATIONS: (_("Add a location"), "enrollment.add_location"),
        Move.SUBMIT: (_("Send the enrollment"), "enrollment.submit"),
    }
    if move in addresses:
        words, endpoint = addresses[move]
        return Press(words, url_for(endpoint, enrollment_id=whole), page=True)
    if move in (Move.DENIED, Move.WITHDRAWN):
        return (
            Press(_("Start a new application"), url_for("enrollment.begin"), page=True) if application.whole else None
        )
    sections = {Move.CORRECT: _to_correct, Move.FILL_IN_A: _to_fill_in, Move.FILL_IN_B: _to_fill_in}
    return sections[move](application) if move in sections else None


_OF_APPLICANT = frozenset({
    Move.CORRECT, Move.REACH, Move.LIST_LOCATIONS, Move.FILL_IN_A, Move.FILL_IN_B, Move.WAIT_FOR_COORDINATORS,
    Move.WAIT_FOR_SIGNATURES, Move.SUBMIT, Move.WAIT_FOR_ADMINISTRATOR,
})  # fmt: skip


def _of_applicant(move: Move, application: Application) -> str:
    own_b = not application.whole
    sentences = {
        Move.CORRECT: _("Correct what is listed below, or reply to the reviewer. Then the sections are signed again."),
        Move.REACH: _("An email couldn't be delivered. Correct the address that is marked below."),
        Move.LIST_LOCATIONS: _("List your locations. Each one needs a vaccine coordinator."),
        Move.FILL_IN_A: _("Fill in section A, check it, and complete it. Then your officers sign it."),
        Move.FILL_IN_B: _("Fill in section B of your location, check it, and complete it. Then you sign it by e-mail."),
        Move.WAIT_FOR_COORDINATORS: _("Your coordinators are filling in section B. You don't need to do anything now."),
        Move.SUBMIT: _("Everything is signed. Send your enrollment to us now."),
        Move.WAIT_FOR_ADMINISTRATOR: _(
            "Thank you. Section B is signed. %(name)s sends the enrollment to us.", name=application.admin
        ),
        Move.WAIT_FOR_SIGNATURES: _("Look in your mailbox. We sent you the link to sign section B.")
        if own_b
        else _("We wait for the signatures. You will hear from us when all have signed."),
    }
    return sentences[move]


def _of_state(move: Move, due: str) -> str:
    sentences = {
        Move.WAIT_FOR_REVIEW: _("We are checking your enrollment. You have our answer by %(due)s.", due=due),
        Move.WAIT_FOR_APPROVAL: _(
            "A second person is checking your enrollment. You have our answer by %(due)s.", due=due
        ),
        Move.APPROVED: _("Your enrollment is approved. Your locations can now receive vaccine."),
        Move.DENIED: _("Your enrollment was denied. You can read the reason here and apply again."),
        Move.WITHDRAWN: _("This enrollment was withdrawn. You can begin a new one at any time."),
    }
    return sentences[move]


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
