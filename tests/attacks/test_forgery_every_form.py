"""Forged requests (S23): every route that takes a form, attacked from other sites, with all tables compared."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from models.domain.core.permissions import Role
from tests.webapp.accounts import PASSWORD, TOKEN, make_account, sign_in

FORBIDDEN = 403
BAD_REQUEST = 400
ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://localhost@evil.example"},
    {"Origin": "http://["},
    {"Origin": "ftp://localhost"},
    {"Referer": "https://evil.example/http://localhost/"},
]
WORDS = {"step": "organization", "act": "claim", "kind": "join", "token": "A" * 43}
NOT_FACTS = ("audit", "audit_seals", "sessions", "clock_shift")
"""A refusal of a signed-in person is written down, and a request moves the end of its session."""


def everything(database) -> dict[str, str]:
    """A checksum of every table that holds facts."""
    with database.owner_engine.connect() as connection:
        names = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(:others)"),
            {"others": list(NOT_FACTS)},
        ).scalars()
        return {
            name: connection.execute(
                text(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t")
            ).scalar_one()
            for name in names
        }


def forms(app):
    """(method, address) of everything that may change something."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            names = {name: WORDS.get(name, uuid4()) for name in rule.arguments}
            for method in sorted(rule.methods - {"GET", "HEAD", "OPTIONS"}):
                yield method, rule.build(names)[1]


@pytest.fixture
def administrator(database, client):
    make_account(database.app_engine, role=Role.ADM)
    sign_in(client)
    return client


def live_tokens(client):
    """What a true form of this session would carry."""
    return {**dict(TOKEN.findall(client.get("/account").get_data(as_text=True))), "form_token": uuid4().hex}


def test_no_form_is_taken_without_its_token(app, database, administrator):
    before = everything(database)
    addresses = list(forms(app))
    assert len(addresses) > 30
    for method, address in addresses:
        assert administrator.open(address, method=method, data={"form_token": "x"}).status_code == BAD_REQUEST, address
    assert everything(database) == before


def test_the_token_of_another_session_is_none(app, database, administrator):
    make_account(database.app_engine, "eve@example.org")
    eve = app.test_client()
    sign_in(eve, "eve@example.org")
    foreign = live_tokens(eve)
    before = everything(database)
    for method, address in forms(app):
        assert administrator.open(address, method=method, data=foreign).status_code == BAD_REQUEST, address
    assert everything(database) == before


def test_no_form_of_another_site_is_taken_even_with_a_true_token(app, database, administrator):
    tokens = live_tokens(administrator)
    before = everything(database)
    for number, (method, address) in enumerate(forms(app)):
        headers = ELSEWHERE[number % len(ELSEWHERE)]
        answer = administrator.open(address, method=method, data=tokens, headers=headers)
        assert answer.status_code == FORBIDDEN, (address, headers)
    assert everything(database) == before


def test_every_sign_of_another_site_is_seen(database, administrator):
    data = {**live_tokens(administrator), "name": "Eve", "language": "en"}
    before = everything(database)
    for headers in ELSEWHERE:
        assert administrator.post("/account", data=data, headers=headers).status_code == FORBIDDEN, headers
    assert everything(database) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Referer": "http://localhost/account"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_our_own_forms_come_through(database, administrator, headers):
    data = {**live_tokens(administrator), "name": "Ana Maria Ruiz", "language": "en"}
    assert administrator.post("/account", data=data, headers=headers).status_code == 303


def test_nothing_changes_by_get_or_by_an_overridden_method(app, database, administrator):
    tokens = live_tokens(administrator)
    before = everything(database)
    for method, address in forms(app):
        overriding = {**tokens, "_method": method, "name": "Eve", "language": "es"}
        headers = {"X-HTTP-Method-Override": method, "X-Method-Override": method}
        answer = administrator.get(address, query_string=overriding, headers=headers)
        assert answer.status_code in {200, 301, 302, 303, 403, 404, 405, 410}, address
    assert everything(database) == before
    assert administrator.get("/account").status_code == 200


def test_nobody_is_signed_in_by_another_site(app, database):
    make_account(database.app_engine, "eve@example.org")
    victim = app.test_client()
    page = victim.get("/sign-in").get_data(as_text=True)
    form = {**dict(TOKEN.findall(page)), "email": "eve@example.org", "password": PASSWORD}
    before = everything(database)
    answer = victim.post("/sign-in", data=form, headers={"Origin": "https://evil.example"})
    assert answer.status_code == FORBIDDEN
    assert victim.get("/account").status_code == 302
    assert everything(database) == before
