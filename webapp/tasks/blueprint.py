"""The blueprint of the inbox and the task pages, and the filters that their templates use."""

from __future__ import annotations

from flask import Blueprint

from webapp.tasks import labels as words

blueprint = Blueprint("tasks", __name__)
blueprint.add_app_template_filter(words.since, "since")
