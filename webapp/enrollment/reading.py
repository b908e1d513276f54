"""Finding what a request is about, within the reach of the person; missing and out of reach are both 404."""

from __future__ import annotations

from uuid import UUID

from flask import abort

from models.domain.core.permissions import Permission
from models.domain.enrollment.lifecycle import SectionKind, SignerRole
from models.queries.enrollment.application import (
    Application,
    enrollment_of_section,
    enrollment_of_task,
    find_application,
    place_of_signature,
)
from models.queries.enrollment.sections import SectionSeen, SignatureAsked
from webapp.core.permissions import current_reach
from webapp.extensions import db


def application_or_404(enrollment_id: UUID | None, permission: Permission) -> Application:
    """The enrollment, as far as the person may see it with this permission."""
    found = find_application(db.session(), enrollment_id, current_reach(permission)) if enrollment_id else None
    return found or abort(404)


def of_section_or_404(section_id: UUID, permission: Permission) -> Application:
    """The enrollment that a section belongs to, or belonged to before it was removed."""
    enrollment_id = enrollment_of_section(db.session(), section_id, current_reach(permission))
    return application_or_404(enrollment_id, permission)


def section_or_404(section_id: UUID, permission: Permission) -> tuple[Application, SectionSeen]:
    """A section and its enrollment."""
    application = of_section_or_404(section_id, permission)
    section = next((one for one in application.sections if one.section_id == section_id), None)
    return application, section or abort(404)


def location_or_404(section_id: UUID, permission: Permission) -> tuple[Application, SectionSeen]:
    """A section B and its enrollment."""
    application, section = section_or_404(section_id, permission)
    return application, section if section.kind is SectionKind.B else abort(404)


def of_signature_or_404(signature_id: UUID, permission: Permission) -> tuple[Application, SignerRole]:
    """The enrollment and the office that a request to sign belongs to, or belonged to before it ended."""
    place = place_of_signature(db.session(), signature_id, current_reach(permission)) or abort(404)
    return application_or_404(place[0], permission), place[1]


def find_signature(application: Application, signature_id: UUID) -> tuple[SectionSeen, SignatureAsked] | None:
    """The request to sign, while it lives."""
    pairs = ((section, signature) for section in application.sections for signature in section.signatures)
    return next((pair for pair in pairs if pair[1].signature_id == signature_id), None)


def task_application_or_404(task_id: UUID, permission: Permission) -> Application:
    """The enrollment whose applicant is asked by this task to name another signer."""
    enrollment_id = enrollment_of_task(db.session(), task_id, current_reach(permission))
    return application_or_404(enrollment_id, permission)
