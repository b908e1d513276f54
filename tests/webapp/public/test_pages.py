"""The pages where everybody begins."""

from __future__ import annotations

import dataclasses

import pytest

from models.running.settings import Environment
from webapp import create_app


@pytest.mark.parametrize("path", ["/", "/vaccine-information", "/help"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_public_page_opens_in_both_languages(client, path, language):
    response = client.get(f"{path}?lang={language}")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.get_data(as_text=True)


def test_the_start_page_names_the_ways_on_and_the_help_line(client):
    page = client.get("/").get_data(as_text=True)
    for text in ("Your vaccine information", "Get help", "(919) 555-0142"):
        assert text in page


def test_the_start_page_gives_the_opening_hours(client):
    page = client.get("/").get_data(as_text=True).replace("\u202f", " ")
    for text in ("Monday to Friday", "7:00 AM – 7:00 PM", "Saturday to Sunday", "8:00 AM – 4:00 PM"):
        assert text in page


def test_the_opening_hours_are_said_in_spanish(client):
    assert "De lunes a viernes" in client.get("/?lang=es").get_data(as_text=True)


def test_what_is_not_open_yet_says_so(client):
    for path in ("/vaccine-information", "/help"):
        page = client.get(path).get_data(as_text=True)
        assert "not open yet" in page.lower()
        assert "(919) 555-0142" in page


def test_a_public_page_opens_without_a_database(settings):
    cut_off = create_app(dataclasses.replace(settings, database_url="postgresql://x:x@127.0.0.1:1/x"))
    assert cut_off.test_client().get("/").status_code == 200


def test_the_demo_banner_stands_outside_production_alone(settings, client, monkeypatch):
    """The tests' own server runs without fsync, which production refuses: tests/models/test_safety.py."""
    monkeypatch.setattr("webapp.application.insist_on_safe_database", lambda _engine: None)
    assert "Demo system" in client.get("/").get_data(as_text=True)
    live = create_app(dataclasses.replace(settings, environment=Environment.PRODUCTION))
    assert "Demo system" not in live.test_client().get("/").get_data(as_text=True)


def test_a_public_page_sets_no_cookie(client):
    assert "Set-Cookie" not in client.get("/").headers
