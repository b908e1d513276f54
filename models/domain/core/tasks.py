"""Human tasks: what is fixed for a kind, who may act on them, how urgent they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from models.domain.core.calendar.service_hours import BusinessCalendar, add_business_time, business_days
from models.domain.core.permissions import Grant, Principal, Role, ScopeType


class TaskStatus(StrEnum):
    """The life of a task."""

    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"
    WITHDRAWN = "withdrawn"


LIVE = (TaskStatus.OPEN, TaskStatus.CLAIMED)


class DeadlineKind(StrEnum):
    """What happens when the deadline of a promise comes; the others are reminders (`reminder_kind`)."""

    WARNING = "warning"
    BREACH = "breach"


def reminder_kind(day: int) -> str:
    """The kind of deadline that reminds of a task so many days after it was opened."""
    return f"reminder_{day}"


@dataclass(frozen=True, slots=True)
class TaskRule:
    """What is fixed for a kind of task.

    Asked are the holders of `candidate_role` (in the `team`, at the organization or at the location), or the
    one account that the task names, or, with `link_purpose`, whoever holds a link of that purpose about the
    task's subject. `promise` names the programme setting with the promised time in business days.
    """

    outcomes: frozenset[str]
    permission: str
    candidate_role: Role | None = None
    team: str | None = None
    link_purpose: str | None = None
    reminder_days: tuple[int, ...] = ()
    promise: str | None = None


UNDELIVERABLE = "undeliverable"
"""Among a task's title values: it was opened because a mail could not be delivered."""


class Urgency(StrEnum):
    """The groups of the inbox, most urgent first."""

    CRITICALLY_OVERDUE = "critically_overdue"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    NOT_DUE = "not_due"


CRITICAL_AFTER = timedelta(days=2)
SOON_DAYS = 3
"""A task is due soon when so many business days are left, or fewer; nobody is warned of one before (U8)."""
CLAIM_LASTS = timedelta(hours=8)
"""A claim ends by itself after this long without an act on the task (E8)."""


def soon_until(now: datetime, calendar: BusinessCalendar) -> datetime:
    """Up to when a task that is due counts as due soon."""
    return add_business_time(now, business_days(SOON_DAYS, calendar), calendar)


def urgency(due_at: datetime | None, now: datetime, soon: datetime) -> Urgency:
    """Which group of the inbox a task stands in; `soon` is what `soon_until` says of now.

    | due                         | group              |
    |-----------------------------|--------------------|
    | more than 2 days ago        | critically overdue |
    | up to 2 days ago            | overdue            |
    | in the next 3 business days | due soon           |
    | later, or without a date    | not due            |
    """
    if due_at is None or due_at > soon:
        return Urgency.NOT_DUE
    if due_at > now:
        return Urgency.DUE_SOON
    return Urgency.OVERDUE if due_at > now - CRITICAL_AFTER else Urgency.CRITICALLY_OVERDUE


@dataclass(frozen=True, slots=True)
class DueSpan:
    """The due times of one urgency: after `after`, up to and with `until`; None means without limit."""

    after: datetime | None
    until: datetime | None
    undated: bool = False


def due_span(group: Urgency, now: datetime, soon: datetime) -> DueSpan:
    """The same rule as `urgency`, for a query that asks for one group."""
    critical = now - CRITICAL_AFTER
    spans = {
        Urgency.CRITICALLY_OVERDUE: DueSpan(None, critical),
        Urgency.OVERDUE: DueSpan(critical, now),
        Urgency.DUE_SOON: DueSpan(now, soon),
        Urgency.NOT_DUE: DueSpan(soon, None, undated=True),
    }
    return spans[group]


INVOLVEMENT_LASTS = timedelta(days=365)
"""So long after a grant at an organization has ended its holder may not decide on it (S39, rule 1)."""


class Refusal(StrEnum):
    """Why a person may not act on a task."""

    NOT_CANDIDATE = "not_candidate"
    SECOND_PERSON = "second_person"
    OWN_ORGANIZATION = "own_organization"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may act on one task: holders of `role` in the team, at the organization or at the location, or one account.

    With neither role nor account it is for whoever holds a link, who is no principal.
    """

    role: str | None = None
    account_id: UUID | None = None
    team: str | None = None
    org_id: UUID | None = None
    location_id: UUID | None = None
    excluded: frozenset[UUID] = frozenset()


def may_act(candidates: Candidates, principal: Principal, *, involved_orgs: Collection[UUID] = ()) -> bool:
    """Whether a person may claim and decide a task: whether nothing refuses it."""
    return refusal(candidates, principal, involved_orgs=involved_orgs) is None


def refusal(candidates: Candidates, principal: Principal, *, involved_orgs: Collection[UUID] = ()) -> Refusal | None:
    """Why a person may not claim and decide a task; None when he or she may.

    | rule                                                                        | source        |
    |-----------------------------------------------------------------------------|---------------|
    | holds the candidate role for the task's team, location or organization,     | matrix        |
    | or is the one account that the task is for                                  |               |
    | was not excluded (the second person is never the first)                     | S39, rule 2   |
    | staff hold, or held in the last 12 months, no grant at the task's own       | S39, rule 1   |
    | organization (`involved_orgs` are those where they do or did)               |               |
    """
    if not _is_candidate(candidates, principal):
        return Refusal.NOT_CANDIDATE
    if principal.account_id in candidates.excluded:
        return Refusal.SECOND_PERSON
    if candidates.team is not None and candidates.org_id is not None and candidates.org_id in involved_orgs:
        return Refusal.OWN_ORGANIZATION
    return None


def _is_candidate(candidates: Candidates, principal: Principal) -> bool:
    if candidates.account_id is not None:
        return candidates.account_id == principal.account_id
    return any(grant.role == candidates.role and _covers(grant, candidates) for grant in principal.grants)


def _covers(grant: Grant, candidates: Candidates) -> bool:
    if candidates.team is not None:
        return (grant.scope_type, grant.scope_id) == (ScopeType.TEAM, candidates.team)
    if grant.scope_id is None:
        return False
    if grant.scope_type is ScopeType.ORGANIZATION:
        return grant.scope_id == str(candidates.org_id)
    return grant.scope_type is ScopeType.LOCATION and grant.scope_id == str(candidates.location_id)
