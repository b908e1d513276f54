"""All pages of the room: importing this registers them on the blueprint."""

from __future__ import annotations

from webapp.identity.blueprint import blueprint
from webapp.identity.factors import passkey_views, recovery_views, second_factor_views, step_up_views
from webapp.identity.passwords import views as password_views
from webapp.identity.sessions import account_views, device_views, session_views, sign_in_views

__all__ = [
    "account_views",
    "blueprint",
    "device_views",
    "passkey_views",
    "password_views",
    "recovery_views",
    "second_factor_views",
    "session_views",
    "sign_in_views",
    "step_up_views",
]
