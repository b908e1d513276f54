"""Every capability of the web app, in the order of the menu: the one list of them."""

from __future__ import annotations

from flask import Flask

from webapp.accounts.declares import CAPABILITY as ACCOUNTS
from webapp.core.capability import declare
from webapp.enrollment.declares import CAPABILITY as ENROLLMENT
from webapp.health.declares import CAPABILITY as HEALTH
from webapp.identity.declares import CAPABILITY as IDENTITY
from webapp.public.declares import CAPABILITY as PUBLIC
from webapp.system.declares import CAPABILITY as SYSTEM
from webapp.tasks.declares import CAPABILITY as TASKS

CAPABILITIES = (TASKS, ENROLLMENT, PUBLIC, IDENTITY, SYSTEM, ACCOUNTS, HEALTH)


def init_app(app: Flask) -> None:
    """Give the app what they bring."""
    declare(app, CAPABILITIES)
