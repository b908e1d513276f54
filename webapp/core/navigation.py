"""What the base template shows around every page: the menu by who is signed in, the help line, the banner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.domain.core.permissions import Permission, Principal, reach
from models.running.settings import Environment, Settings
from webapp.core.addresses import address_of
from webapp.core.text.opening_hours import opening_hours
from webapp.core.viewer import viewer

PRODUCT = _l("COVID-19 Vaccine Management System")
SHORT_NAME = "CVMS"
HELP_LINE = "(877) 873-6247"
HELP_LINE_HREF = "tel:+18778736247"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu."""

    label: LazyString
    address: str
    current: bool


Menu = tuple[tuple[str, LazyString], ...]

PUBLIC_MENU: Menu = (
    ("public.start", _l("Home")),
    ("public.vaccine_information", _l("Your vaccine information")),
    ("public.help_page", _l("Get help")),
)
APPLICANT_MENU: Menu = (("enrollment.home", _l("My enrollment")), ("public.help_page", _l("Get help")))
STAFF_MENU: Menu = (("tasks.inbox", _l("Inbox")),)
SYSTEM_MENU: Menu = (("system.overview", _l("System")),)


def init_app(app: Flask) -> None:
    """Offer it all to every template."""
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """The names that the base template uses."""
    person = viewer()
    settings: Settings = current_app.config["SETTINGS"]
    return {
        "viewer": person,
        "menu": menu_for(person),
        "demo": settings.environment is not Environment.PRODUCTION,
        "product": PRODUCT,
        "short_name": SHORT_NAME,
        "help_line": HELP_LINE,
        "help_line_href": HELP_LINE_HREF,
        "opening_hours": opening_hours(),
        "address_of": address_of,
    }


def menu_for(person: Principal | None) -> list[Entry]:
    """Staff see their work, applicants their enrollment, everybody else the public pages."""
    if person is None:
        entries = PUBLIC_MENU
    else:
        entries = STAFF_MENU if person.state_staff else APPLICANT_MENU
        entries += SYSTEM_MENU if reach(person, Permission.OPS_SYSTEM_VIEW).allowed else ()
    addresses = ((label, address_of(endpoint)) for endpoint, label in entries)
    return [Entry(label, address, request.path == address) for label, address in addresses if address]
