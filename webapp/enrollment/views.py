"""All pages of the enrollment's own people, registered on one blueprint."""

from __future__ import annotations

from webapp.enrollment.applicant import (
    application_views,
    location_views,
    reply_views,
    section_views,
    signer_views,
    submission_views,
)
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.entry import begin_views, link_views
from webapp.enrollment.signing import views as sign_views
from webapp.enrollment.staff import record

PAGES = (
    begin_views,
    link_views,
    application_views,
    section_views,
    reply_views,
    location_views,
    sign_views,
    signer_views,
    submission_views,
    record,
)
__all__ = ["PAGES", "blueprint"]
