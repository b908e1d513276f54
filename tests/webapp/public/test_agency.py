"""Banner, footer and statements on every page; a demo's are invented, production's come from the settings."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime

import pytest

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.running.settings import Environment
from models.store.core.act import Act
from models.store.core.program import set_setting
from tests.webapp.accounts import make_account, sign_in
from webapp import create_app

PHONE = re.compile(r"\(\d{3}\) \d{3}-\d{4}")
ON_EVERY_PAGE = ("An official website of the State of North Carolina", "Need help?", "Privacy", "Accessibility")


@pytest.fixture
def phone_is_set(database):
    """Officials have named another line and a statement of their own; taken away again, as settings stay otherwise."""
    at = datetime(2021, 1, 1, tzinfo=UTC)
    values = {"help_desk_phone": "(252) 222-3333", "privacy_statement": "https://dhhs.example/privacy"}
    with transaction(database.owner_engine) as session:
        for name, value in values.items():
            set_setting(Act(session, SYSTEM, name), name=name, value=value, from_=at, source="test")
    yield
    with database.owner_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM program_settings WHERE source = 'test'")


@pytest.mark.parametrize("path", ["/", "/contact", "/sign-in", "/enrollment/begin", "/no-such-page"])
def test_banner_and_footer_stand_on_every_page(client, path):
    page = client.get(path).get_data(as_text=True)
    assert all(words in page for words in ON_EVERY_PAGE)


def test_banner_and_footer_stand_on_pages_of_staff(client, database):
    make_account(database.app_engine, "rev@state.example", role=Role.REV, team="enrollment")
    sign_in(client, "rev@state.example")
    page = client.get("/", follow_redirects=True).get_data(as_text=True)
    assert all(words in page for words in ON_EVERY_PAGE)


@pytest.mark.parametrize("path", ["/", "/help", "/contact", "/privacy", "/accessibility", "/vaccine-information"])
def test_a_demo_shows_invented_numbers_whatever_is_set(client, phone_is_set, path):
    page = client.get(path).get_data(as_text=True)
    assert set(PHONE.findall(page)) == {"(919) 555-0142"}
    assert "tel:+19195550142" in page


def test_production_shows_what_is_set(settings, phone_is_set, monkeypatch):
    monkeypatch.setattr("webapp.application.insist_on_safe_database", lambda _engine: None)
    live = create_app(dataclasses.replace(settings, environment=Environment.PRODUCTION)).test_client()
    page = live.get("/contact").get_data(as_text=True)
    assert set(PHONE.findall(page)) == {"(252) 222-3333"}
    assert "option 1" in page
    assert 'href="https://dhhs.example/privacy"' in page
    assert "mailto:" not in page


def test_production_without_its_database_names_the_reviewed_line(settings, monkeypatch):
    monkeypatch.setattr("webapp.application.insist_on_safe_database", lambda _engine: None)
    gone = dataclasses.replace(
        settings, environment=Environment.PRODUCTION, database_url="postgresql://x:x@127.0.0.1:1/x"
    )
    page = create_app(gone).test_client().get("/").get_data(as_text=True)
    assert "(877) 873-6247" in page


@pytest.mark.parametrize("path", ["/contact", "/privacy", "/accessibility"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_statement_opens_in_both_languages(client, path, language):
    response = client.get(f"{path}?lang={language}")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.get_data(as_text=True)


def test_A11_the_footers_language_link_leaves_forms_to_the_switch_that_keeps_what_is_typed(client):
    footers = {path: client.get(path).get_data(as_text=True).split("<footer")[1] for path in ("/help", "/sign-in")}
    assert "Español" in footers["/help"]
    assert "Español" not in footers["/sign-in"]
