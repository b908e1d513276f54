"""The words for what the facts hold: states, signers, steps. One word per thing, on every page."""

from __future__ import annotations

from models.domain.enrollment.lifecycle import EnrollmentState, SectionState, SignerRole
from webapp.core.text.lazy_text import lazy_text as _l

Tag = tuple[str, str]
"""What a status tag says, and its tone."""

ENROLLMENT_TAGS: dict[EnrollmentState, Tag] = {
    EnrollmentState.DRAFT: (_l("Your turn"), "active"),
    EnrollmentState.RETURNED: (_l("Returned to you"), "waiting"),
    EnrollmentState.IN_REVIEW: (_l("In review"), "waiting"),
    EnrollmentState.IN_APPROVAL: (_l("In approval"), "waiting"),
    EnrollmentState.APPROVED: (_l("Approved"), "good"),
    EnrollmentState.DENIED: (_l("Denied"), "bad"),
    EnrollmentState.WITHDRAWN: (_l("Withdrawn"), "neutral"),
}
SECTION_TAGS: dict[SectionState, Tag] = {
    SectionState.INVITED: (_l("Coordinator invited"), "waiting"),
    SectionState.DRAFT: (_l("In progress"), "active"),
    SectionState.AWAITING_SIGNATURE: (_l("Waiting for signature"), "waiting"),
    SectionState.SIGNED: (_l("Signed"), "good"),
}
DONE: Tag = (_l("Done"), "good")
STARTED: Tag = (_l("In progress"), "active")
NOT_STARTED: Tag = (_l("Not started"), "todo")
SIGNED: Tag = (_l("Signed"), "good")
WAITS: Tag = (_l("Waiting for signature"), "waiting")
UNDELIVERED: Tag = (_l("Email not delivered"), "bad")
LATE: Tag = (_l("No answer yet"), "bad")
ACTIVE: Tag = (_l("Active"), "good")
CORRECT: Tag = (_l("Please correct"), "bad")
SIGNERS: dict[SignerRole, str] = {
    SignerRole.CMO: _l("Chief medical officer"),
    SignerRole.CEO: _l("Chief executive officer"),
    SignerRole.COORDINATOR: _l("Vaccine coordinator"),
}
OPEN_SECTIONS = frozenset({SectionState.INVITED, SectionState.DRAFT})
"""Sections that still have to be completed."""
