"""The page that a person begins with after signing in, where none was asked for."""

from __future__ import annotations

from flask import url_for

from models.domain.core.permissions import Principal
from webapp.core.navigation import home_of


def first_page(principal: Principal) -> str:
    """The page a person begins with: what a capability declares, else the account."""
    return (home_of(principal) if principal.grants else None) or url_for("identity.account")
