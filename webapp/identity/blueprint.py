"""The blueprint of the room; the pages register themselves on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("identity", __name__)
