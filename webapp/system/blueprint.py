"""The blueprint of the system page."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("system", __name__, url_prefix="/staff/system")
