"""The applicant's task list: what is done, what waits for whom and since when, and what can be pressed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from models.domain.enrollment.fields import steps_of
from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind, SectionState
from models.domain.records.answers import answered, begun
from models.domain.records.sections import Step
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import Asked, SectionSeen, SignatureAsked
from webapp.core.text.dates import ago, day
from webapp.enrollment import labels as words
from webapp.enrollment.applicant.editing import complete, editable, managed
from webapp.enrollment.labels import Tag


@dataclass(frozen=True, slots=True)
class Press:
    """A button that does something at once, or a link to a page (`page`)."""

    text: str
    address: str
    page: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the task list."""

    title: str
    tag: Tag
    href: str | None = None
    facts: tuple[str, ...] = ()
    presses: tuple[Press, ...] = ()


def section_rows(application: Application, section: SectionSeen) -> tuple[Row, ...]:
    """The pages of a section, and the check that completes it."""
    pages = tuple(_step_row(application, section, step) for step in steps_of(section.kind))
    return (*pages, _check_row(section))


def _step_row(application: Application, section: SectionSeen, step: Step) -> Row:
    href = url_for("enrollment.section", section_id=section.section_id, step=step.name.value)
    return Row(_(step.title), _step_tag(section, step), href if editable(application, section) else None)


def _step_tag(section: SectionSeen, step: Step) -> Tag:
    if not complete(section) and begun(step, section.notes):
        return words.CORRECT
    if answered(step, section.answers):
        return words.DONE
    return words.STARTED if begun(step, section.answers) else words.NOT_STARTED


def _check_row(section: SectionSeen) -> Row:
    href = url_for("enrollment.check", section_id=section.section_id)
    if section.state is SectionState.SIGNED:
        return Row(_("Check the answers"), words.SECTION_TAGS[section.state], href)
    if section.state is SectionState.AWAITING_SIGNATURE:
        return Row(_("Check the answers"), words.DONE, href)
    return Row(_("Check the answers and complete the section"), words.NOT_STARTED, href)


def location_rows(application: Application) -> tuple[Row, ...]:
    """Every location: its coordinator, where section B stands and since when."""
    return tuple(_location_row(application, section) for section in application.locations)


def _location_row(application: Application, section: SectionSeen) -> Row:
    tag = words.SECTION_TAGS[section.state]
    if section.notes and section.state is SectionState.DRAFT:
        tag = words.CORRECT
    if section.undeliverable:
        tag = words.UNDELIVERED
    if application.state is EnrollmentState.APPROVED and section.pin:
        tag = words.ACTIVE
    href = url_for("enrollment.check", section_id=section.section_id)
    return Row(
        section.location_name or "",
        tag,
        href,
        _location_facts(application, section),
        _location_presses(application, section),
    )


def _location_facts(application: Application, section: SectionSeen) -> tuple[str, ...]:
    facts = [_("Coordinator: %(name)s", name=section.coordinator_name or "")]
    if section.pin:
        facts.append(_("Provider PIN: %(pin)s", pin=section.pin))
    elif section.undeliverable:
        facts.append(undelivered(section.coordinator_email or ""))
    elif section.state is SectionState.INVITED and section.asked:
        facts += asked_facts(section.asked, application, invited=True)
    else:
        facts.append(_("%(when)s", when=ago(section.state_since, application.now)))
    return tuple(facts)


def _location_presses(application: Application, section: SectionSeen) -> tuple[Press, ...]:
    if not managed(application):
        return ()
    change = Press(_("Change"), url_for("enrollment.change_location", section_id=section.section_id), page=True)
    again = Press(_("Send again"), url_for("enrollment.send_invitation", section_id=section.section_id))
    presses = (again,) if section.state is SectionState.INVITED else ()
    return (*presses, *keep_press(None if section.undeliverable else section.task_id), change)


def keep_press(task_id: UUID | None) -> tuple[Press, ...]:
    """After the last reminder the applicant is asked: another person, or wait and remind again."""
    if task_id is None:
        return ()
    return (Press(_("Keep this signer and remind them again"), url_for("enrollment.keep", task_id=task_id)),)


def signature_rows(application: Application, section: SectionSeen) -> tuple[Row, ...]:
    """Who was asked to sign a section, and who has."""
    return tuple(_signature_row(application, section, signature) for signature in section.signatures)


def _signature_row(application: Application, section: SectionSeen, signature: SignatureAsked) -> Row:
    title = f"{signature.name} – {words.SIGNERS[signature.role]}"
    if signature.signed_at:
        return Row(title, words.SIGNED, facts=(_("Signed on %(day)s", day=day(signature.signed_at)),))
    facts = asked_facts(signature.asked, application) if signature.asked else [_("We're sending the link.")]
    tag = words.LATE if signature.task_id else words.WAITS
    if signature.undeliverable:
        facts, tag = [undelivered(signature.email)], words.UNDELIVERED
    return Row(title, tag, facts=tuple(facts), presses=_signer_presses(application, section, signature))


def _signer_presses(application: Application, section: SectionSeen, signature: SignatureAsked) -> tuple[Press, ...]:
    again = Press(_("Send again"), url_for("enrollment.send_signature", signature_id=signature.signature_id))
    if not application.whole or not editable(application, section):
        return ()
    if section.kind is SectionKind.A:
        name = url_for("enrollment.name_signer", signature_id=signature.signature_id)
    else:
        name = url_for("enrollment.change_location", section_id=section.section_id)
    if signature.undeliverable:
        return (again, Press(_("Correct the address or name someone else"), name, page=True))
    return (again, *keep_press(signature.task_id), Press(_("Name another signer"), name, page=True))


def asked_facts(asked: Asked, application: Application, *, invited: bool = False) -> list[str]:
    """When somebody was asked, and when last."""
    first = ago(asked.first_at, application.now)
    facts = [_("Invited %(when)s", when=first) if invited else _("Asked %(when)s", when=first)]
    if asked.times > 1:
        facts.append(_("Reminded %(when)s", when=ago(asked.last_at, application.now)))
    return facts


def undelivered(address: str) -> str:
    """What stands beside the name of somebody whose address is dead."""
    return _(
        "Our email to %(address)s couldn't be delivered. Correct the address and we'll send a new one.", address=address
    )


def listed(section: SectionSeen) -> dict[str, str]:
    """What the administrator gave for a location."""
    return {
        "name": section.location_name or "",
        "coordinator_name": section.coordinator_name or "",
        "coordinator_email": section.coordinator_email or "",
    }
