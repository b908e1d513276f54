"""What the health checks bring to the web app."""

from __future__ import annotations

from webapp.core.capability import WebCapability
from webapp.health.views import blueprint

CAPABILITY = WebCapability("health", blueprints=(blueprint,))
