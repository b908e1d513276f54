"""What the process wants while the applicant has the enrollment in hand: tasks, invitations and signature requests
in line with the facts (E3, E4, E5). Repeating it changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.core.tasks import UNDELIVERABLE
from models.domain.enrollment.declares import INVITATIONS
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import SectionKind, SectionState
from models.domain.enrollment.signers import by_person
from models.store.core.act import Act
from models.store.core.asking import Wanted, keep_in_line, unreached
from models.store.core.mail.sending import send
from models.store.enrollment.mail import (
    about,
    ask_to_sign,
    coordinator,
    join_link,
    location_name,
    organization_name,
)
from models.store.enrollment.rows import entity_of, sections_of, signatures_of
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature


def ask_applicant(act: Act, enrollment: Enrollment) -> None:
    """Open what is missing and withdraw what nobody needs; the enrollment is locked and to be gathered."""
    keep_in_line(act, entity_of(enrollment), wanted_tasks(act.session, enrollment))


def wanted_tasks(session: Session, enrollment: Enrollment) -> list[Wanted]:
    """The tasks that the facts of an application ask for."""
    sections = sections_of(session, enrollment.id)
    signatures = signatures_of(session, enrollment.id)
    unsigned = [signature for signature in signatures if signature.signed_at is None]
    unfinished = [section for section in sections if section.state in (SectionState.INVITED, SectionState.DRAFT)]
    wanted = [_complete(session, enrollment, section) for section in unfinished]
    wanted += [_sign(session, enrollment, group) for group in by_person(unsigned)]
    wanted += _others(session, enrollment, [task for task in wanted if task.invite is not None])
    ready = all(section.state == SectionState.SIGNED for section in sections)
    if ready and any(section.kind == SectionKind.B for section in sections):
        wanted.append(_submit(session, enrollment, signatures))
    return wanted


def _complete(session: Session, enrollment: Enrollment, section: Section) -> Wanted:
    """Section A is the administrators' to complete, section B its coordinator's."""
    base = f"enrollment/{enrollment.id}/section/{section.id}/turn/{section.turn}"

    def invite(act: Act) -> None:
        subject = about(act.session, enrollment, section)
        send(act, "join_location", to=coordinator(section), about=subject, link=join_link(section))

    return Wanted(
        key=f"{base}/coordinator/{section.coordinator_turn}/chase/{section.chase}",
        kind=TaskKind.COMPLETE_SECTION,
        subject_id=section.id,
        location_id=section.location_id,
        role=Role.COO if section.location_id else Role.ORG,
        titles=lambda: _titles(session, enrollment, section),
        invite=invite if section.state == SectionState.INVITED else None,
    )


def _sign(session: Session, enrollment: Enrollment, group: Sequence[Signature]) -> Wanted:
    """One task and one mail for a person, however many offices the person signs in."""
    signature = group[0]
    section = session.get_one(Section, signature.section_id)
    ids = "+".join(str(one.id) for one in group)

    def invite(act: Act) -> None:
        ask_to_sign(act, enrollment, group, "sign_section")

    return Wanted(
        key=f"enrollment/{enrollment.id}/signature/{ids}/chase/{sum(one.chase for one in group) - len(group) + 1}",
        kind=TaskKind.SIGN_SECTION,
        subject_id=signature.id,
        titles=lambda: _titles(session, enrollment, section) | {"name": signature.name, "role": signature.role},
        invite=invite,
    )


def _others(session: Session, enrollment: Enrollment, invited: list[Wanted]) -> list[Wanted]:
    """Name somebody else in place of each who cannot be reached or let the last reminder pass without an answer."""
    late, dead = unreached(session, enrollment.id, INVITATIONS, invited)
    return [
        _unreached(enrollment, task, dead[task.subject_id])
        if task.subject_id in dead
        else _instead_of(task, f"{task.key}/another")
        for task in invited
        if task.subject_id in dead or task.key in late
    ]


def _unreached(enrollment: Enrollment, invited: Wanted, link_id: UUID) -> Wanted:
    """Correct the address of somebody whose invitation could not be delivered, or name somebody else.

    Named by the link that did not arrive, so that a dead address in place of a dead one asks anew.
    """

    def invite(act: Act) -> None:
        """Tell whoever invited; the address stands on the page, behind the sign-in."""
        named = invited.titles()
        subject = about(act.session, enrollment)
        send(
            act,
            "invitation_undeliverable",
            to=enrollment.admin_account_id,
            about=subject,
            person=named["name"],
            location=named["location"],
        )

    return replace(
        _instead_of(invited, f"{invited.key}/undeliverable/{link_id}"),
        titles=lambda: {**invited.titles(), "because": UNDELIVERABLE},
        invite=invite,
        after=invited.key,
    )


def _instead_of(invited: Wanted, key: str) -> Wanted:
    """Name somebody else: a task of the administrators."""
    return Wanted(key, TaskKind.NAME_ANOTHER_SIGNER, invited.subject_id, role=Role.ORG, titles=invited.titles)


def _submit(session: Session, enrollment: Enrollment, signatures: list[Signature]) -> Wanted:
    """Named by the signatures that make the application ready, so that another set asks anew."""
    given = hashlib.sha256("".join(sorted(str(signature.id) for signature in signatures)).encode()).hexdigest()
    return Wanted(
        key=f"enrollment/{enrollment.id}/submit/{enrollment.submission}/{given[:16]}",
        kind=TaskKind.SUBMIT_ENROLLMENT,
        subject_id=enrollment.id,
        role=Role.ORG,
        titles=lambda: titles_of(session, enrollment),
    )


def titles_of(session: Session, enrollment: Enrollment) -> dict[str, str]:
    """What every inbox says about an enrollment."""
    return {"organization": organization_name(session, enrollment), "reference": enrollment.reference}


def _titles(session: Session, enrollment: Enrollment, section: Section) -> dict[str, str]:
    """What the inbox needs to say whom and what a task about a section is about."""
    titles = titles_of(session, enrollment)
    titles |= {"section": section.kind, "location": location_name(session, enrollment, section)}
    name = section.coordinator_name if section.location_id else None
    return titles | ({"name": name} if name else {})
