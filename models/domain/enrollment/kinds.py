"""The names that enrollment stores: kinds of its process, tasks, outcomes, events, links and teams."""

from __future__ import annotations

from enum import StrEnum


class ProcessKind(StrEnum):
    """The durable process of an enrollment; the value is the workflow type."""

    PROVIDER_ENROLLMENT = "ProviderEnrollment"


class EntityType(StrEnum):
    """What the process is about."""

    ENROLLMENT = "enrollment"


class EventKind(StrEnum):
    """What the process is told besides the decisions of tasks."""

    SECTIONS_CHANGED = "sections_changed"
    ENROLLMENT_WITHDRAWN = "enrollment_withdrawn"


class Team(StrEnum):
    """The teams of state staff."""

    ENROLLMENT = "enrollment"


class TaskKind(StrEnum):
    """What a person can be asked to do."""

    COMPLETE_SECTION = "complete_section"
    SIGN_SECTION = "sign_section"
    NAME_ANOTHER_SIGNER = "name_another_signer"
    SUBMIT_ENROLLMENT = "submit_enrollment"
    REVIEW_ENROLLMENT = "review_enrollment"
    APPROVE_ENROLLMENT = "approve_enrollment"
    RESOLVE_OVERDUE_TASK = "resolve_overdue_task"


class Outcome(StrEnum):
    """How a task can be decided."""

    COMPLETED = "completed"
    SIGNED = "signed"
    REPLACED = "replaced"
    KEPT = "kept"
    SUBMITTED = "submitted"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    RETURNED = "returned"
    DENIED = "denied"
    EXTENDED = "extended"
    ASSIGNED = "assigned"


class LinkPurpose(StrEnum):
    """What a mailed link is for."""

    CONFIRM_ENROLLMENT = "confirm_enrollment"
    JOIN_LOCATION = "join_location"
    SIGN_SECTION = "sign_section"
