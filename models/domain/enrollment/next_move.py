"""What the people of an organization do next about their application: one answer, which home, list and mails read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind, SectionState

OPEN = frozenset({SectionState.INVITED, SectionState.DRAFT})
"""Sections that still have to be completed."""


class Move(StrEnum):
    """What comes next. The first nine are while the applicant has the application in hand."""

    CORRECT = "correct"
    REACH = "reach"
    LIST_LOCATIONS = "list_locations"
    FILL_IN_A = "fill_in_a"
    FILL_IN_B = "fill_in_b"
    WAIT_FOR_COORDINATORS = "wait_for_coordinators"
    WAIT_FOR_SIGNATURES = "wait_for_signatures"
    SUBMIT = "submit"
    WAIT_FOR_ADMINISTRATOR = "wait_for_administrator"
    WAIT_FOR_REVIEW = "wait_for_review"
    WAIT_FOR_APPROVAL = "wait_for_approval"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SectionStands:
    """Where a section stands for one person. `own`: the person fills it in; `to_correct` counts open notes;
    `unreached`: somebody who was asked cannot be reached."""

    kind: SectionKind
    state: SectionState
    own: bool
    to_correct: int = 0
    unreached: bool = False


_OF_STATE = {
    EnrollmentState.IN_REVIEW: Move.WAIT_FOR_REVIEW,
    EnrollmentState.IN_APPROVAL: Move.WAIT_FOR_APPROVAL,
    EnrollmentState.APPROVED: Move.APPROVED,
    EnrollmentState.DENIED: Move.DENIED,
    EnrollmentState.WITHDRAWN: Move.WITHDRAWN,
}


def next_move(state: EnrollmentState, sections: Sequence[SectionStands], *, whole: bool) -> Move:
    """The one next step, for the administrator (`whole`) or for a coordinator, who sees only the own sections.

    | first of these that holds                      | administrator           | coordinator              |
    |------------------------------------------------|-------------------------|--------------------------|
    | the state has it, or it has ended              | as the state says       | as the state says        |
    | a note of the reviewer is open                 | correct                 | correct                  |
    | somebody who was asked cannot be reached       | correct the address     | –                        |
    | an own section is not complete                 | fill in A, or own B     | fill in B                |
    | no location is listed                          | list locations          | –                        |
    | another section is not complete                | wait for coordinators   | –                        |
    | everything is signed                           | submit                  | wait for administrator   |
    | else                                           | wait for signatures     | wait for signatures      |
    """
    if state in _OF_STATE:
        return _OF_STATE[state]
    if any(section.to_correct for section in sections):
        return Move.CORRECT
    if whole and any(section.unreached for section in sections):
        return Move.REACH
    return _filling_in(sections, whole=whole) or _signing(sections, whole=whole)


def _filling_in(sections: Sequence[SectionStands], *, whole: bool) -> Move | None:
    unfinished = [section for section in sections if section.state in OPEN]
    locations = any(section.kind is SectionKind.B for section in sections)
    if any(section.kind is SectionKind.A for section in unfinished):
        return Move.FILL_IN_A
    if whole and not locations:
        return Move.LIST_LOCATIONS
    if any(section.own for section in unfinished):
        return Move.FILL_IN_B
    return Move.WAIT_FOR_COORDINATORS if unfinished else None


def _signing(sections: Sequence[SectionStands], *, whole: bool) -> Move:
    if not all(section.state is SectionState.SIGNED for section in sections):
        return Move.WAIT_FOR_SIGNATURES
    return Move.SUBMIT if whole else Move.WAIT_FOR_ADMINISTRATOR
