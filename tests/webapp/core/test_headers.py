"""The headers of every answer, and the addresses of static files."""

from __future__ import annotations

import dataclasses
import re

import pytest

from webapp import create_app

PATHS = ["/", "/help", "/no-such-page", "/healthz/live", "/static/cvms.css", "/static/no-such-file.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_strict_headers(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/healthz/live", "/static/no-such-file.css"])
def test_a_page_is_never_stored(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_for_good_under_its_hashed_address(client):
    page = client.get("/").get_data(as_text=True)
    address = re.search(r"/static/cvms\.css\?v=[0-9a-f]{16}", page)
    assert address
    assert "immutable" in client.get(address[0]).headers["Cache-Control"]


def test_a_static_file_is_kept_for_a_day_under_its_plain_address(client):
    assert client.get("/static/cvms.css").headers["Cache-Control"] == "public, max-age=86400"


def test_transport_security_is_asked_for_on_https_alone(settings, client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = create_app(dataclasses.replace(settings, public_url="https://cvms.example"))
    headers = secure.test_client().get("/?lang=es").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = set(headers["Set-Cookie"].split("; "))
    assert {"__Host-cvms_language=es", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= cookie


def test_a_forged_forwarding_header_changes_nothing(client):
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.1"}
    assert "evil.example" not in client.get("/", headers=forged).get_data(as_text=True)
