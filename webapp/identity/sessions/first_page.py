"""The page that a person begins with after signing in, where none was asked for."""

from __future__ import annotations

from flask import url_for

from models.domain.core.permissions import Principal
from webapp.core.addresses import address_of

STAFF_HOME = "tasks.inbox"
APPLICANT_HOME = "enrollment.home"


def home_of(principal: Principal) -> str:
    """The page a person begins with: the inbox, their enrollment, or their account."""
    wishes = (STAFF_HOME, APPLICANT_HOME) if principal.state_staff else (APPLICANT_HOME,)
    found = [address for address in map(address_of, wishes) if address and principal.grants]
    return found[0] if found else url_for("identity.account")
