"""The blueprint of the accounts' pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/staff/accounts")
