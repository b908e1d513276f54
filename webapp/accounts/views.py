"""Every page of the accounts; importing it registers them."""

from __future__ import annotations

from webapp.accounts import account_page, closing_views, list_page, role_views, staff_views
from webapp.accounts.blueprint import blueprint

__all__ = ["account_page", "blueprint", "closing_views", "list_page", "role_views", "staff_views"]
