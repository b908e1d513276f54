"""What identity adds: signing in and out, passwords, and the mails about an account."""

from __future__ import annotations

from enum import StrEnum

from models.domain.core.capability import Capability
from models.domain.core.permissions import SIGNED_IN, Cell, Permission, row, same


class LinkPurpose(StrEnum):
    """What a mailed link about an account is for."""

    RESET_PASSWORD = "reset_password"
    ACCEPT_ACCOUNT = "accept_account"


CAPABILITY = Capability(
    name="identity",
    link_purposes=tuple(LinkPurpose),
    mails=(
        "account_invitation",
        "no_account",
        "passkey_added",
        "passkey_removed",
        "password_changed",
        "password_reset",
        "recovery_code_used",
        "recovery_codes_made",
        "second_factor_added",
        "second_factor_removed",
    ),
    matrix={
        Permission.SESSION_LOGIN: same(Cell.PUBLIC),
        Permission.SESSION_LOGOUT: same(Cell.PUBLIC),
        Permission.PASSWORD_RESET_REQUEST: same(Cell.PUBLIC),
        Permission.PASSWORD_RESET_COMPLETE: same(Cell.TOKEN),
        Permission.INVITATION_ACCEPT: same(Cell.TOKEN),
        Permission.ACCOUNT_EDIT_OWN: same(Cell.SELF, SIGNED_IN),
        Permission.ACCOUNT_SESSIONS: same(Cell.SELF, SIGNED_IN),
        Permission.STAFF_USER_MANAGE: row(ADM="A"),
        Permission.STATE_ROLE_GRANT: row(ADM="A"),
        Permission.ACCOUNT_DISABLE_OTHER: row(ADM="A"),
    },
)
