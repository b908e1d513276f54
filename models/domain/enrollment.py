"""The enrollment of a provider organization: its states, and what may follow what."""

from __future__ import annotations

from enum import StrEnum


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
