"""The rooms of the web app: every capability's blueprint, in one list."""

from __future__ import annotations

from flask import Flask

from webapp.enrollment.views import blueprint as enrollment
from webapp.health.views import blueprint as health
from webapp.identity.views import blueprint as identity
from webapp.public.language_views import blueprint as language
from webapp.public.views import blueprint as public
from webapp.system import views as system
from webapp.tasks.views import blueprint as tasks

BLUEPRINTS = (
    public,
    language,
    health,
    identity,
    enrollment,
    tasks,
    system.blueprint,
)


def init_app(app: Flask) -> None:
    """Register all of them."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
