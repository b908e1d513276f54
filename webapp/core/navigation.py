"""What the base template shows around every page: the menu by who is signed in, the help line, the banner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request

from models.domain.core.agency import Agency, in_language
from models.domain.core.permissions import Principal
from models.running.settings import Environment, Settings
from webapp.core.addresses import address_of
from webapp.core.agency import current_agency
from webapp.core.capability import declared
from webapp.core.text.language import current_language
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.core.text.opening_hours import opening_hours
from webapp.core.viewer import viewer

PRODUCT = _l("COVID-19 Vaccine Management System")
SHORT_NAME = "CVMS"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu."""

    label: str
    address: str
    current: bool


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
        "address_of": address_of,
        **_said_of(current_agency()),
    }


def _said_of(agency: Agency) -> dict[str, Any]:
    """The agency in the reader's language, and where to reach it."""
    language = current_language()
    return {
        "agency": agency,
        "state_name": in_language(agency.state, language),
        "agency_name": in_language(agency.name, language),
        "opening_hours": opening_hours(agency.hours),
    }


def menu_for(person: Principal | None) -> list[Entry]:
    """The entries for whoever looks, as the capabilities declare them."""
    places = ((place.label, address_of(place.endpoint)) for place in declared().menu if place.viewers(person))
    return [Entry(label, address, request.path == address) for label, address in places if address]


def home_of(person: Principal) -> str | None:
    """The address of the page that a signed-in person begins with; None where no capability has one."""
    places = (address_of(place.endpoint) for place in declared().homes if place.viewers(person))
    return next(filter(None, places), None)
