"""The locations of an enrollment: listed by the administrator, joined by their coordinators (E2, E3)."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM, ActorKind
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.answers import check_form, check_language
from models.domain.enrollment.fields import LOCATION_FIELDS, MAX_LOCATIONS
from models.domain.enrollment.kinds import LinkPurpose, Outcome, TaskKind
from models.domain.enrollment.lifecycle import EnrollmentAction, SectionKind, SectionState
from models.domain.records.names import split_name
from models.store.core.act import Act
from models.store.core.links import revoke_links
from models.store.enrollment.rows import (
    audit_enrollment,
    lock_enrollment,
    lock_section,
    sections_of,
    set_section_state,
    settle,
    tell_changed,
)
from models.store.enrollment.sections import bring_back, bring_back_section_a, supersede_signatures
from models.store.enrollment.start import check_address
from models.store.identity.grants import end_grant, grant_role
from models.store.organizations.locations import close_location, create_location, rename_location
from models.tables.enrollment.lifecycle import Enrollment, Section
from models.tables.identity.accounts import Account


def add_location(
    act: Act, *, enrollment_id: UUID, name: str, coordinator_name: str, coordinator_email: str, language: str
) -> UUID:
    """List a location; its coordinator is invited by the process. Returns the id of its section B.

    Whoever names herself is the coordinator at once: her address is confirmed by her account.
    A complete section A comes back to draft, since it names the number of locations. Refused: what is
    missing or wrong (on its field), `location_twice`, `too_many_locations`, `wrong_state`.
    """
    given = _check(name, coordinator_name, coordinator_email, language)
    enrollment = lock_enrollment(act, enrollment_id, EnrollmentAction.ADD_LOCATION)
    _check_name(act.session, enrollment, given["name"])
    location_id = create_location(act, org_id=enrollment.org_id, name=given["name"])
    section = Section(
        id=uuid4(),
        enrollment_id=enrollment.id,
        org_id=enrollment.org_id,
        location_id=location_id,
        kind=SectionKind.B,
        state=SectionState.INVITED,
        answers={"location_name": given["name"]},
        coordinator_name=given["coordinator_name"],
        coordinator_email=given["coordinator_email"],
        coordinator_language=language,
    )
    act.session.add(section)
    act.session.flush()
    joined = _let_in_self(act, section)
    bring_back_section_a(act.session, enrollment)
    audit_enrollment(act, enrollment, "location.add", section=section, detail={"joined": joined})
    tell_changed(act, enrollment)
    return section.id


def change_location(
    act: Act, *, section_id: UUID, name: str, coordinator_name: str, coordinator_email: str, language: str
) -> None:
    """Change what is listed of a location. Another address means another coordinator, who is invited anew.

    The answers stay, but for those about the former coordinator; given signatures die.
    """
    given = _check(name, coordinator_name, coordinator_email, language)
    enrollment, section = lock_section(act, section_id, EnrollmentAction.CHANGE_LOCATION)
    _check_name(act.session, enrollment, given["name"], but=section)
    replaced = given["coordinator_email"] != section.coordinator_email
    _rename(act.session, section, given["name"])
    section.coordinator_name, section.coordinator_language = given["coordinator_name"], language
    if replaced:
        _replace_coordinator(act, section, given["coordinator_email"])
        _let_in_self(act, section)
    audit_enrollment(
        act, enrollment, "location.change", section=section, detail={"coordinator_turn": section.coordinator_turn}
    )
    if replaced:
        settle(act, enrollment, TaskKind.NAME_ANOTHER_SIGNER, section.id, Outcome.REPLACED)
    else:
        tell_changed(act, enrollment)


def remove_location(act: Act, *, section_id: UUID) -> None:
    """Take a location out of the enrollment; a complete section A comes back to draft."""
    enrollment, section = lock_section(act, section_id, EnrollmentAction.REMOVE_LOCATION)
    end_coordinator(act, section, because="location removed")
    supersede_signatures(act.session, section)
    section.removed_at = func.db_now()
    assert section.location_id is not None
    close_location(act, location_id=section.location_id)
    bring_back_section_a(act.session, enrollment)
    audit_enrollment(act, enrollment, "location.remove", section=section)
    tell_changed(act, enrollment)


def join_location(act: Act, *, section_id: UUID, account_id: UUID) -> None:
    """Let the invited coordinator in, who then fills in the section; the page uses the link up beside it.

    Refused: `other_account` when the account has another address than the invitation.
    """
    enrollment, section = lock_section(act, section_id, EnrollmentAction.JOIN_LOCATION)
    check_address(act.session, account_id, section.coordinator_email or "")
    _let_in(act, section, account_id)
    audit_enrollment(act, enrollment, "location.join", section=section)
    tell_changed(act, enrollment)


def join_self(act: Act, enrollment: Enrollment, section: Section) -> bool:
    """Let somebody who would be sent an own invitation in at once; whether it was so. The enrollment is locked."""
    if not _let_in_self(act, section):
        return False
    audit_enrollment(act, enrollment, "location.join", section=section)
    tell_changed(act, enrollment)
    return True


def _let_in_self(act: Act, section: Section) -> bool:
    """Let the person in who acts, where that is the invited coordinator."""
    account = act.session.get(Account, act.by.id) if act.by.kind is ActorKind.PERSON else None
    if account is None or account.email_norm != section.coordinator_email:
        return False
    _let_in(act, section, account.id)
    return True


def _let_in(act: Act, section: Section, account_id: UUID) -> None:
    section.coordinator_account_id = account_id
    revoke_links(act.session, purpose=LinkPurpose.JOIN_LOCATION, subject_id=section.id)
    section.answers = {**_known_of_coordinator(section), **section.answers}
    section.version += 1
    set_section_state(section, SectionState.DRAFT)
    grant_role(
        act.by_actor(SYSTEM),
        account_id=account_id,
        role=Role.COO,
        scope_type=ScopeType.LOCATION,
        scope_id=section.location_id,
        org_id=section.org_id,
        because="invited as coordinator",
    )


def end_coordinator(act: Act, section: Section, *, because: str) -> None:
    """Let the invitation of a coordinator die, or take the role of one who has joined."""
    revoke_links(act.session, purpose=LinkPurpose.JOIN_LOCATION, subject_id=section.id)
    if section.coordinator_account_id is not None:
        end_grant(
            act,
            account_id=section.coordinator_account_id,
            role=Role.COO,
            scope_type=ScopeType.LOCATION,
            scope_id=section.location_id,
            because=because,
        )


def _replace_coordinator(act: Act, section: Section, email: str) -> None:
    end_coordinator(act, section, because="coordinator replaced")
    supersede_signatures(act.session, section)
    section.coordinator_email, section.coordinator_account_id = email, None
    section.answers = {name: value for name, value in section.answers.items() if not name.startswith("coordinator_")}
    section.version += 1
    section.coordinator_turn += 1
    section.turn += 1
    section.chase = 1
    set_section_state(section, SectionState.INVITED)


def _rename(session: Session, section: Section, name: str) -> None:
    if section.answers.get("location_name") == name:
        return
    assert section.location_id is not None
    rename_location(session, location_id=section.location_id, name=name)
    section.answers = {**section.answers, "location_name": name}
    section.version += 1
    if section.state in (SectionState.AWAITING_SIGNATURE, SectionState.SIGNED):
        bring_back(session, section)


def _known_of_coordinator(section: Section) -> dict[str, str]:
    """What the invitation already says, so that nobody types it again."""
    first, last = split_name(section.coordinator_name or "")
    known = {
        "coordinator_first_name": first,
        "coordinator_last_name": last,
        "coordinator_email": section.coordinator_email or "",
    }
    return {name: value for name, value in known.items() if value}


def _check(name: str, coordinator_name: str, coordinator_email: str, language: str) -> dict[str, str]:
    check_language(language)
    given = {"name": name, "coordinator_name": coordinator_name, "coordinator_email": coordinator_email}
    return check_form(LOCATION_FIELDS, given)


def _check_name(session: Session, enrollment: Enrollment, name: str, but: Section | None = None) -> None:
    others = [section for section in sections_of(session, enrollment.id, SectionKind.B) if section is not but]
    if len(others) >= MAX_LOCATIONS:
        message = f"An enrollment can cover {MAX_LOCATIONS} locations at most."
        raise RuleViolation("too_many_locations", message, "name", max=MAX_LOCATIONS)
    taken = {str(section.answers.get("location_name", "")).casefold() for section in others}
    if name.casefold() in taken:
        raise RuleViolation("location_twice", "You've already added a location with this name.", "name")
