"""The enrollment of a provider organization: its states, who may do what in each, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.domain.core.lifecycle import Lifecycle
from models.domain.core.permissions import Role
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome, Team


class EnrollmentState(StrEnum):
    """The states of an enrollment (proposal: no source lists North Carolina's)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    IN_APPROVAL = "in_approval"
    RETURNED = "returned"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class SectionKind(StrEnum):
    """Section A is the organization's, section B a location's (CDC provider agreement)."""

    A = "A"
    B = "B"


class SectionState(StrEnum):
    """The states of a section."""

    INVITED = "invited"
    DRAFT = "draft"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"


class SignerRole(StrEnum):
    """Who signs: chief medical and chief executive officer section A, the coordinator section B."""

    CMO = "cmo"
    CEO = "ceo"
    COORDINATOR = "coordinator"


class EnrollmentAction(StrEnum):
    """What a person can do with an enrollment."""

    ADD_LOCATION = "add_location"
    CHANGE_LOCATION = "change_location"
    REMOVE_LOCATION = "remove_location"
    JOIN_LOCATION = "join_location"
    SAVE_ANSWERS = "save_answers"
    COMPLETE_SECTION = "complete_section"
    REOPEN_SECTION = "reopen_section"
    REPLY_TO_NOTE = "reply_to_note"
    SIGN_SECTION = "sign_section"
    REPLACE_SIGNER = "replace_signer"
    KEEP_SIGNER = "keep_signer"
    RESEND_LINK = "resend_link"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    DECIDE_REVIEW = "decide_review"
    DECIDE_APPROVAL = "decide_approval"
    EXTEND_REVIEW = "extend_review"
    ASSIGN_REVIEW = "assign_review"


APPLYING = frozenset({EnrollmentState.DRAFT, EnrollmentState.RETURNED})
"""The applicant has the enrollment in hand."""
WITH_THE_STATE = frozenset({EnrollmentState.IN_REVIEW, EnrollmentState.IN_APPROVAL})
"""State staff have it in hand."""
FINAL = frozenset({EnrollmentState.APPROVED, EnrollmentState.DENIED, EnrollmentState.WITHDRAWN})
"""Nothing changes any more."""

_APPLICANT = {
    EnrollmentAction.ADD_LOCATION: frozenset({Role.ORG}),
    EnrollmentAction.CHANGE_LOCATION: frozenset({Role.ORG}),
    EnrollmentAction.REMOVE_LOCATION: frozenset({Role.ORG}),
    EnrollmentAction.JOIN_LOCATION: frozenset({Role.ANON}),
    EnrollmentAction.SAVE_ANSWERS: frozenset({Role.ORG, Role.COO}),
    EnrollmentAction.COMPLETE_SECTION: frozenset({Role.ORG, Role.COO}),
    EnrollmentAction.REOPEN_SECTION: frozenset({Role.ORG, Role.COO}),
    EnrollmentAction.SIGN_SECTION: frozenset({Role.ANON}),
    EnrollmentAction.REPLACE_SIGNER: frozenset({Role.ORG}),
    EnrollmentAction.KEEP_SIGNER: frozenset({Role.ORG}),
    EnrollmentAction.RESEND_LINK: frozenset({Role.ORG, Role.ANON}),
    EnrollmentAction.SUBMIT: frozenset({Role.ORG}),
    EnrollmentAction.WITHDRAW: frozenset({Role.ORG}),
}
_SUPERVISOR = {
    EnrollmentAction.EXTEND_REVIEW: frozenset({Role.SUP}),
    EnrollmentAction.ASSIGN_REVIEW: frozenset({Role.SUP}),
}

ALLOWED: Mapping[EnrollmentState, Mapping[EnrollmentAction, frozenset[Role]]] = {
    EnrollmentState.DRAFT: _APPLICANT,
    EnrollmentState.RETURNED: {**_APPLICANT, EnrollmentAction.REPLY_TO_NOTE: frozenset({Role.ORG, Role.COO})},
    EnrollmentState.IN_REVIEW: {
        EnrollmentAction.DECIDE_REVIEW: frozenset({Role.REV}),
        EnrollmentAction.WITHDRAW: frozenset({Role.ORG}),
        **_SUPERVISOR,
    },
    EnrollmentState.IN_APPROVAL: {
        EnrollmentAction.DECIDE_APPROVAL: frozenset({Role.REV}),
        EnrollmentAction.WITHDRAW: frozenset({Role.ORG}),
        **_SUPERVISOR,
    },
    EnrollmentState.APPROVED: {},
    EnrollmentState.DENIED: {},
    EnrollmentState.WITHDRAWN: {},
}
"""Who may do what in which state (features E1 to E10). `ANON` is whoever holds the link that was mailed;
the permission table says on which organization or location the others may."""

_APPLYING_MOVES = {
    EnrollmentState.IN_REVIEW: EnrollmentAction.SUBMIT,
    EnrollmentState.WITHDRAWN: EnrollmentAction.WITHDRAW,
}
_DECIDED_MOVES = {
    EnrollmentState.RETURNED: None,
    EnrollmentState.DENIED: None,
    EnrollmentState.WITHDRAWN: EnrollmentAction.WITHDRAW,
}
LIFECYCLE = Lifecycle(
    noun="enrollment",
    allowed=ALLOWED,
    moves={
        EnrollmentState.DRAFT: _APPLYING_MOVES,
        EnrollmentState.RETURNED: _APPLYING_MOVES,
        EnrollmentState.IN_REVIEW: {EnrollmentState.IN_APPROVAL: None, **_DECIDED_MOVES},
        EnrollmentState.IN_APPROVAL: {EnrollmentState.APPROVED: None, **_DECIDED_MOVES},
    },
    team=Team.ENROLLMENT,
)
"""Submitting and withdrawing are the applicant's; what follows from a decision of the state, the process does."""

SECTION_ALLOWED: Mapping[EnrollmentAction, frozenset[SectionState]] = {
    EnrollmentAction.CHANGE_LOCATION: frozenset(SectionState),
    EnrollmentAction.REMOVE_LOCATION: frozenset(SectionState),
    EnrollmentAction.JOIN_LOCATION: frozenset({SectionState.INVITED}),
    EnrollmentAction.SAVE_ANSWERS: frozenset(SectionState),
    EnrollmentAction.COMPLETE_SECTION: frozenset({SectionState.DRAFT}),
    EnrollmentAction.REOPEN_SECTION: frozenset({SectionState.AWAITING_SIGNATURE, SectionState.SIGNED}),
    EnrollmentAction.REPLY_TO_NOTE: frozenset(SectionState),
    EnrollmentAction.SIGN_SECTION: frozenset({SectionState.AWAITING_SIGNATURE}),
    EnrollmentAction.REPLACE_SIGNER: frozenset({SectionState.AWAITING_SIGNATURE}),
}
"""In which state of its section an act can be done. Saving into a complete section brings it back to
draft and its signatures die."""


def check_section_allowed(action: EnrollmentAction, state: SectionState) -> None:
    """Refuse (`wrong_section_state`) what nobody may do in this state of the section."""
    if state not in SECTION_ALLOWED[action]:
        message = "You can't do this now, because the section has changed."
        raise RuleViolation("wrong_section_state", message, None, state=state.value)


class NextStep(StrEnum):
    """What the process of an enrollment does next. What a state leads to stands here and nowhere else: the
    workflow, the effects and the demo read it."""

    GATHER = "gather"
    REVIEW = "review"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    ACTIVATE = "activate"
    DENY = "deny"
    CLEAR_AWAY = "clear_away"
    FINISH = "finish"


ASKS_PEOPLE = frozenset({NextStep.GATHER, NextStep.REVIEW, NextStep.APPROVE})
"""The steps in which the process asks people for something and waits. Asking again changes nothing."""

STEP_OF_STATE: Mapping[EnrollmentState, NextStep] = {
    EnrollmentState.DRAFT: NextStep.GATHER,
    EnrollmentState.RETURNED: NextStep.GATHER,
    EnrollmentState.IN_REVIEW: NextStep.REVIEW,
    EnrollmentState.IN_APPROVAL: NextStep.APPROVE,
    EnrollmentState.APPROVED: NextStep.FINISH,
    EnrollmentState.DENIED: NextStep.FINISH,
    EnrollmentState.WITHDRAWN: NextStep.CLEAR_AWAY,
}
"""What a state asks for as long as nobody has decided."""

AFTER_OUTCOME: Mapping[str, NextStep] = {
    Outcome.SUBMITTED: STEP_OF_STATE[EnrollmentState.IN_REVIEW],
    Outcome.RECOMMENDED: NextStep.APPROVE,
    Outcome.APPROVED: NextStep.ACTIVATE,
    Outcome.RETURNED: NextStep.SEND_BACK,
    Outcome.DENIED: NextStep.DENY,
}
"""What a decision leads to. An effect asks the facts again, so an outcome that is out of date does no harm."""


def next_step(
    state: EnrollmentState, *, reviewed: str | None = None, approved: str | None = None, cleared: bool = False
) -> NextStep:
    """What comes next, from the state and this submission's outcomes of review and approval.

    Only the outcome that the state waits for counts; a withdrawn enrollment that was cleared away is finished.
    """
    if state is EnrollmentState.WITHDRAWN and cleared:
        return NextStep.FINISH
    awaited = {EnrollmentState.IN_REVIEW: reviewed, EnrollmentState.IN_APPROVAL: approved}
    outcome = awaited.get(state)
    return AFTER_OUTCOME[outcome] if outcome else STEP_OF_STATE[state]
