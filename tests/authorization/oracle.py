"""What must be answered: the table of docs/security.md read once more, without the code that enforces it.

Nothing here asks `reach`, a query or a view. Where a route has a rule beside the table, the rule stands here in words.
"""

from __future__ import annotations

from enum import StrEnum

from models.domain.capabilities import declared
from models.domain.core.permissions import STATE_ROLES, Permission, Role
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import EnrollmentState, SignerRole
from tests.authorization.people import Proof, Who
from tests.authorization.world import ABSENT, MALFORMED, Thing


class Verdict(StrEnum):
    """The kinds of answers."""

    ALLOWED = "allowed"
    SIGN_IN = "to the sign-in page"
    SECOND_FACTOR = "to the second factor"
    CONFIRM = "prove it once more"
    FORBIDDEN = "403"
    MISSING = "404"


NOT_SIGNED_IN = frozenset({Proof.NONE, Proof.HALF, Proof.ENDED, Proof.IDLE, Proof.DISABLED})
OF_LOCATIONS = frozenset({"enrollment.change_location", "enrollment.remove_location", "enrollment.send_invitation"})
"""Routes that know sections B only."""
LEADS_ON = "tasks.after_an_act"
"""Leads to the page of whatever task is named, without a look at it; that page then answers."""
OF_TEAMS = frozenset({TaskKind.REVIEW_ENROLLMENT, TaskKind.APPROVE_ENROLLMENT, TaskKind.RESOLVE_OVERDUE_TASK})
"""Kinds of tasks that are decided on the task page; the others are done on the applicant's pages."""
OF_A_SECOND_FACTOR = frozenset({"identity.options_to_add", "identity.options_to_sign"})
"""Routes that find nothing for somebody without a second factor."""
DECIDED_BY = {
    TaskKind.REVIEW_ENROLLMENT: Permission.REVIEW_TASK_DECIDE,
    TaskKind.APPROVE_ENROLLMENT: Permission.ENROLLMENT_ACTIVATE,
    TaskKind.RESOLVE_OVERDUE_TASK: Permission.TASK_REASSIGN_OTHERS,
}


def verdict(who: Who, endpoint: str, permission: Permission, thing: Thing | None, *, fresh: bool) -> Verdict:
    """The answer that one person must get for one thing on one route."""
    if thing is not None and thing.kind == MALFORMED:
        return Verdict.MISSING
    letter = cell(who, permission)
    if letter is None:
        return refusal(who)
    if fresh and who.proof is Proof.STALE:
        return Verdict.CONFIRM
    if endpoint in OF_A_SECOND_FACTOR and not _has_second_factor(who):
        return Verdict.MISSING
    if endpoint == "identity.second_factor_picture":
        return Verdict.MISSING
    if thing is None or endpoint == LEADS_ON:
        return Verdict.ALLOWED
    if thing.kind == ABSENT or not within(who, letter, thing):
        return Verdict.MISSING
    return of_its_own_rule(who, endpoint, thing)


def cell(who: Who, permission: Permission) -> str | None:
    """The letter of the table; None is the dot. Without a grant a person is a recipient, else a visitor."""
    row = {role: str(found).rstrip("m2") for role, found in declared().matrix[permission].items()}
    if who.proof in NOT_SIGNED_IN:
        return row.get(Role.ANON)
    if who.role is None:
        return row.get(Role.RCP) or row.get(Role.ANON)
    return row.get(who.role)


def refusal(who: Who) -> Verdict:
    """Nobody signed in: to the sign-in page. Half signed in: to the second factor. Else 403."""
    if who.proof is Proof.HALF:
        return Verdict.SECOND_FACTOR
    return Verdict.SIGN_IN if who.proof in NOT_SIGNED_IN else Verdict.FORBIDDEN


def within(who: Who, letter: str, thing: Thing) -> bool:
    """Whether a cell covers a thing. A team's task is the team's alone, whomever it is about."""
    teams_alone = thing.noun == "task" and thing.team is not None
    if letter == "O":
        return thing.org == who.org and not teams_alone
    if letter == "L":
        return who.location in thing.locations and not teams_alone
    if letter == "T":
        return who.team is not None and thing.team == who.team
    return letter in {"A", "P", "K"}


def of_its_own_rule(who: Who, endpoint: str, thing: Thing) -> Verdict:
    """What a route asks of a thing beside the table."""
    if endpoint in OF_LOCATIONS and not thing.locations:
        return Verdict.MISSING
    if endpoint == "enrollment.name_signer" and thing.kind == SignerRole.COORDINATOR:
        return Verdict.MISSING
    if endpoint == "enrollment.submitted" and thing.kind != EnrollmentState.IN_REVIEW:
        return Verdict.MISSING
    if endpoint == "enrollment.keep" and thing.kind != TaskKind.NAME_ANOTHER_SIGNER:
        return Verdict.MISSING
    if endpoint in {"tasks.claim", "tasks.release"} and not is_asked(who, thing):
        return Verdict.FORBIDDEN
    if endpoint == "tasks.decide":
        return _deciding(who, thing)
    return Verdict.ALLOWED


def _deciding(who: Who, thing: Thing) -> Verdict:
    if thing.kind not in OF_TEAMS:
        return Verdict.MISSING
    may = is_asked(who, thing) and cell(who, DECIDED_BY[TaskKind(thing.kind)]) is not None
    return Verdict.ALLOWED if may else Verdict.FORBIDDEN


def is_asked(who: Who, thing: Thing) -> bool:
    """Whether a task is this person's to do: of the role, and of the team, the organization or the location."""
    if who.role is not thing.asks:
        return False
    return who.team == thing.team if thing.team else who.org == thing.org or who.location in thing.locations


def _has_second_factor(who: Who) -> bool:
    return who.role in STATE_ROLES
