"""What can be changed on a page, and the words for it."""

from __future__ import annotations

from models.domain.core.permissions import Permission
from models.domain.enrollment.lifecycle import APPLYING, SectionKind, SectionState
from models.queries.enrollment.application import Application
from models.queries.enrollment.sections import SectionSeen
from webapp.core.permissions import current_reach

COMPLETE = frozenset({SectionState.AWAITING_SIGNATURE, SectionState.SIGNED})


def editable(application: Application, section: SectionSeen) -> bool:
    """Whether this person can change the answers now."""
    reach = current_reach(Permission.ENROLLMENT_EDIT_DRAFT)
    return (application.whole or section.location_id in reach.locations) and application.state in APPLYING


def fills_in(section: SectionSeen) -> bool:
    """Whether the section is this person's own to fill in: A the administrator's, B that of who joined for it."""
    own = current_reach(Permission.ENROLLMENT_EDIT_DRAFT).locations
    return section.kind is SectionKind.A or (section.joined and section.location_id in own)


def complete(section: SectionSeen) -> bool:
    """Whether the section waits for its signatures or has them: changing it ends them."""
    return section.state in COMPLETE


def managed(application: Application) -> bool:
    """Whether this person looks after the whole enrollment, and can still change it."""
    return application.whole and application.state in APPLYING
