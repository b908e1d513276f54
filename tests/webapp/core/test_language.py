"""Which language a page is in, and the switch that keeps the page."""

from __future__ import annotations

import re

import pytest


def language_of(response):
    return re.search(r'<html lang="(\w+)">', response.get_data(as_text=True))[1]


def test_english_is_the_first_language(client):
    assert language_of(client.get("/")) == "en"


def test_the_browser_is_asked(client):
    assert language_of(client.get("/", headers={"Accept-Language": "fr, es;q=0.8"})) == "es"


def test_the_switch_stays_for_the_next_pages(client):
    client.get("/?lang=es")
    assert language_of(client.get("/help", headers={"Accept-Language": "en"})) == "es"
    client.get("/help?lang=en")
    assert language_of(client.get("/")) == "en"


@pytest.mark.parametrize("wish", ["../../etc", "xx", "", "es" * 5000, "EN;drop"])
def test_an_unknown_language_is_ignored(client, wish):
    response = client.get("/", query_string={"lang": wish})
    assert response.status_code == 200
    assert language_of(response) == "en"
    assert "Set-Cookie" not in response.headers


def test_a_very_long_wish_of_the_browser_is_no_failure(client):
    assert client.get("/", headers={"Accept-Language": "x" * 10_000}).status_code == 200


def test_the_switch_keeps_the_page_and_its_query(client):
    page = client.get("/help?view=mine&view=team&q=a%26b").get_data(as_text=True)
    assert 'href="/help?view=mine&amp;view=team&amp;q=a%26b&amp;lang=es" lang="es"' in page


def test_the_switch_never_leads_to_another_site(client):
    page = client.get("/", environ_overrides={"PATH_INFO": "//evil.example"}).get_data(as_text=True)
    assert 'href="//' not in page
    assert 'href="/evil.example' in page


def test_an_error_page_speaks_the_chosen_language(client):
    client.get("/?lang=es")
    assert language_of(client.get("/no-such-page")) == "es"
