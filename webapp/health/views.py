"""Two answers in JSON: does this process live, and is it ready for people."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from models.domain.core.permissions import Permission
from webapp.core.permissions import requires
from webapp.health.readiness import read_readiness

blueprint = Blueprint("health", __name__, url_prefix="/healthz")


@blueprint.get("/live")
@requires(Permission.OPS_HEALTH_VIEW)
def live() -> Response:
    """This process answers."""
    return jsonify(status="live")


@blueprint.get("/ready")
@requires(Permission.OPS_HEALTH_VIEW)
def ready() -> tuple[Response, int]:
    """Each dependency, and 503 where people cannot be served."""
    readiness = read_readiness()
    return jsonify(readiness.as_json()), 200 if readiness.ready else 503
