"""All pages of the enrollment's own people, registered on one blueprint."""

from __future__ import annotations

from webapp.enrollment import (
    application_views,
    begin_views,
    link_views,
    location_views,
    record,
    section_views,
    sign_views,
    signer_views,
    submission_views,
)
from webapp.enrollment.blueprint import blueprint

PAGES = (
    begin_views,
    link_views,
    application_views,
    section_views,
    location_views,
    sign_views,
    signer_views,
    submission_views,
    record,
)
__all__ = ["PAGES", "blueprint"]
