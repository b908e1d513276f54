"""What a mailed link is for."""

from __future__ import annotations

from enum import StrEnum


class LinkPurpose(StrEnum):
    """What a link is for."""

    CONFIRM_ENROLLMENT = "confirm_enrollment"
    JOIN_LOCATION = "join_location"
    SIGN_SECTION = "sign_section"
    RESET_PASSWORD = "reset_password"
    ACCEPT_ACCOUNT = "accept_account"
