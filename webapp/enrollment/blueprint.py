"""The blueprint of the enrollment's pages, and the filters that its templates use."""

from __future__ import annotations

from flask import Blueprint

from webapp.core.text import dates

blueprint = Blueprint("enrollment", __name__)
blueprint.add_app_template_filter(dates.day, "day")
blueprint.add_app_template_filter(dates.moment, "moment")
blueprint.add_app_template_filter(dates.ago, "ago")
