"""All pages of the room: importing this registers them on the blueprint."""

from __future__ import annotations

from webapp.tasks import inbox_views, task_views, team_page
from webapp.tasks.blueprint import blueprint

__all__ = ["blueprint", "inbox_views", "task_views", "team_page"]
