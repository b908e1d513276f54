"""The headers of every answer there is (S25, S37): the whole map of addresses, as visitor and as staff, and errors."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from models.domain.core.permissions import Role
from tests.attacks.test_forgery_every_form import WORDS
from tests.site import web_app
from tests.webapp.accounts import make_account, sign_in

INLINE = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "data:", "blob:", "*", "http:", "https:")
NAMES_SOFTWARE = ("X-Powered-By", "X-AspNet-Version", "Via")
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRAY = [("GET", "/no-such-page"), ("GET", "/static/none.css"), ("GET", "/%00"), ("PUT", "/"), ("TRACE", "/")]


def answers(app, client):
    """(address, answer) for every method of every address, with ids that are nobody's."""
    with app.test_request_context():
        wanted = [
            (method, rule.build({name: WORDS.get(name, uuid4()) for name in rule.arguments - {"filename"}})[1])
            for rule in app.url_map.iter_rules()
            if rule.endpoint != "static"
            for method in sorted(rule.methods - {"HEAD"})
        ]
    for method, address in [*wanted, *STRAY]:
        yield f"{method} {address}", client.open(address, method=method)


def assert_strict(name, answer):
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; "), name
    assert not [word for word in INLINE if word in policy], name
    assert "frame-ancestors 'none'" in policy, name
    assert {key: answer.headers.get(key) for key in EXPECTED} == EXPECTED, name
    assert answer.headers["Cache-Control"] == "no-store", name
    assert not [key for key in NAMES_SOFTWARE if key in answer.headers], name
    assert "Access-Control-Allow-Origin" not in answer.headers, name
    kind = answer.headers.get("Content-Type", "")
    if answer.data and kind.startswith("text/"):
        assert "charset=utf-8" in kind, name
    assert kind or not answer.data, name


@pytest.mark.parametrize("role", [None, Role.ADM], ids=["visitor", "administrator"])
def test_every_answer_has_the_strict_headers(app, database, client, role):
    if role:
        make_account(database.app_engine, role=role)
        sign_in(client)
    codes = set()
    for name, answer in answers(app, client):
        assert_strict(name, answer)
        codes.add(answer.status_code)
    assert {200, 302, 400, 404, 405} <= codes


@pytest.fixture
def secure(settings):
    with web_app(replace(settings, public_url="https://cvms.example")) as made:
        yield made


def test_on_https_every_answer_asks_for_https_and_every_cookie_is_bound_to_it(secure):
    client = secure.test_client()
    for name, answer in answers(secure, client):
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", name
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert cookie.startswith("__Host-"), (name, cookie)
            assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; ")), (name, cookie)
            assert "SameSite=" in cookie, (name, cookie)


def test_only_a_file_of_ours_is_kept(client):
    for query, kept in (("", "public, max-age=86400"), ("?v=x", "public, max-age=31536000, immutable")):
        answer = client.get(f"/static/cvms.css{query}")
        assert answer.headers["Cache-Control"] == kept
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
