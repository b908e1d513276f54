"""Whose site it is: read from the settings where they count, invented where it is a demo."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.domain.core.agency import statement_address
from models.queries.core.agency import demo_agency, read_agency, reviewed_agency
from models.reference import load
from models.store.core.act import Act
from models.store.core.program import set_setting

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
FICTIONAL = re.compile(r"\(\d{3}\) 555-01\d\d")


@pytest.fixture
def owner_session(database):
    """Officials' settings come in as the owner; nothing is kept."""
    with Session(database.owner_engine) as made:
        yield made


def test_a_setting_counts_from_its_day_on(owner_session):
    session, day = owner_session, NOW + timedelta(days=1)
    set_setting(Act(session, SYSTEM, "t"), name="help_desk_phone", value="(984) 555-0111", from_=day, source="test")
    assert read_agency(session, NOW).phone == reviewed_agency(NOW).phone
    changed = read_agency(session, day)
    assert (changed.phone, changed.phone_href) == ("(984) 555-0111", "tel:+19845550111")
    assert changed.name == reviewed_agency(NOW).name


def test_a_demo_never_shows_a_real_line():
    shown = demo_agency(NOW)
    assert FICTIONAL.fullmatch(shown.phone)
    assert shown.email.endswith(".example")
    assert shown.name["en"] != reviewed_agency(NOW).name["en"]


@pytest.mark.parametrize("name", ["help_desk_phone", "help_desk_phone_option", "contact_email", "agency_name"])
def test_every_version_of_contact_data_has_its_invented_twin(name):
    assert all("demo" in version for version in load("program_settings")[name])


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "http://x.example", ""]
)
def test_a_statement_stands_here_or_at_an_https_address(address):
    assert statement_address(address, "/privacy") == "/privacy"


def test_a_statement_may_be_the_agencys_own():
    assert statement_address("https://dhhs.example/privacy", "/privacy") == "https://dhhs.example/privacy"
