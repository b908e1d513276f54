"""The frame of a page by who looks at it, and the language switch of somebody who is signed in."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.store.core.act import Act
from models.store.identity.accounts import create_account
from models.store.identity.grants import grant_role
from models.store.identity.sessions import start_session


@pytest.fixture
def sign_in(session, app):
    """A browser in which somebody with the given role is signed in."""

    def signed_in(role: Role, scope_type: ScopeType, scope_id: str | None = None):
        account_id = create_account(
            Act(session, SYSTEM, "account"),
            email="ana@clinic.example",
            name="Ana O'Neil",
            language="en",
            password="violet-harbor-quilt-93",
        )
        grant_role(
            Act(session, SYSTEM, "grant"),
            account_id=account_id,
            role=role,
            scope_type=scope_type,
            scope_id=scope_id,
            org_id=None,
            because="test",
        )
        sid = start_session(
            Act(session, SYSTEM, "session"), account_id=account_id, device="x", second_factor_passed=True
        )
        session.commit()
        client = app.test_client()
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], sid)
        return client

    return signed_in


@pytest.fixture
def reviewer(sign_in):
    return sign_in(Role.REV, ScopeType.TEAM, "enrollment_review")


def language_forms(page):
    return re.search(r'<form method="post" action="/language">.*?</form>', page, re.DOTALL)


def hidden(markup):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', markup))


def test_a_visitor_may_sign_in(client):
    page = client.get("/").get_data(as_text=True)
    assert "Sign in" in page
    assert "Sign out" not in page


def test_somebody_who_is_signed_in_sees_their_name_and_the_way_out(reviewer):
    page = reviewer.get("/help").get_data(as_text=True)
    assert "Ana O&#39;Neil" in page
    assert "Sign out" in page


def test_the_switch_of_an_account_keeps_page_and_language(reviewer, database):
    sent = hidden(language_forms(reviewer.get("/help?view=mine").get_data(as_text=True))[0])
    answer = reviewer.post("/language", data={name: value.replace("&amp;", "&") for name, value in sent.items()})
    assert (answer.status_code, answer.location) == (303, "/help?view=mine&lang=es")
    assert '<html lang="es">' in reviewer.get(answer.location).get_data(as_text=True)
    with database.owner_engine.begin() as connection:
        assert connection.execute(text("SELECT language FROM accounts")).scalar_one() == "es"


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_the_switch_leads_to_our_own_pages_alone(reviewer, place):
    sent = hidden(language_forms(reviewer.get("/help").get_data(as_text=True))[0])
    assert reviewer.post("/language", data={**sent, "page": place}).location == "/?lang=es"


@pytest.mark.parametrize("language", ["fr", "", "../../etc"])
def test_an_unknown_language_is_not_kept(reviewer, language):
    sent = hidden(language_forms(reviewer.get("/help").get_data(as_text=True))[0])
    assert reviewer.post("/language", data={**sent, "language": language}).status_code == 400


def test_a_visitor_cannot_keep_a_language(client):
    assert client.post("/language").status_code in {302, 400}
