"""Signing in and out, as a browser does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from models.crypto.sealing import hash_token
from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.identity.accounts import disable_account
from models.store.identity.grants import end_grant
from models.tables.core.audit import AuditRow
from models.tables.identity.accounts import SessionRow
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in


def cookie(client, name="cvms"):
    found = client.get_cookie(name)
    return found.value if found else None


def test_signing_in_leads_to_the_own_account_and_shows_the_name(database, client):
    make_account(database.app_engine)
    answer = sign_in(client)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Ana Ruiz" in page


def test_the_address_may_be_typed_in_capitals_and_with_spaces(database, client):
    make_account(database.app_engine)
    assert sign_in(client, " ANA@Example.ORG ").status_code == 303


def test_the_database_keeps_only_the_hash_of_the_session_id(database, client, session):
    make_account(database.app_engine)
    sign_in(client)
    kept = session.scalars(select(SessionRow.sid_hash)).all()
    assert kept == [hash_token(cookie(client))]


def test_the_cookie_is_kept_from_scripts_and_other_sites(database, client):
    make_account(database.app_engine)
    answer = sign_in(client)
    line = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("cvms="))
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Domain" not in line


def test_the_session_id_is_new_at_each_sign_in_and_the_old_one_is_dead(database, app):
    make_account(database.app_engine)
    browser, thief = app.test_client(), app.test_client()
    sign_in(browser)
    old = cookie(browser)
    post(browser, "/sign-in", page="/account", email="ana@example.org", password=PASSWORD)
    assert cookie(browser) != old
    thief.set_cookie("cvms", old)
    assert thief.get("/account").status_code == 302


def test_a_cookie_set_before_signing_in_is_not_taken_over(database, client):
    make_account(database.app_engine)
    client.set_cookie("cvms", "a-session-id-that-somebody-planted")
    sign_in(client)
    assert cookie(client) != "a-session-id-that-somebody-planted"


def test_an_old_cookie_is_dead_after_signing_out(database, client, app):
    make_account(database.app_engine)
    sign_in(client)
    old = cookie(client)
    answer = post(client, "/sign-out", page="/account")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = app.test_client()
    thief.set_cookie("cvms", old)
    assert thief.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_signing_out_by_get_is_refused(database, client):
    make_account(database.app_engine)
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/account").status_code == 200


def test_signing_out_twice_leads_to_the_start_page(database, client, app):
    make_account(database.app_engine)
    sign_in(client)
    tokens = {"csrf_token": "stale"}
    old = cookie(client)
    post(client, "/sign-out", page="/account")
    client.set_cookie("cvms", old)
    assert client.post("/sign-out", data=tokens).headers["Location"] == "/"


@pytest.mark.parametrize("minutes", [31, 13 * 60])
def test_a_session_ends_when_it_was_not_used_or_is_too_old(database, client, minutes):
    make_account(database.app_engine)
    sign_in(client)
    with transaction(database.owner_engine) as session:
        gone = timedelta(minutes=minutes)
        session.execute(
            update(SessionRow).values(
                last_seen_at=SessionRow.last_seen_at - gone,
                ends_at=SessionRow.ends_at - (gone if minutes > 60 else timedelta(0)),
            )
        )
    assert client.get("/account").status_code == 302
    with transaction(database.app_engine) as session:
        assert session.scalars(select(SessionRow.ended_at)).one() is not None


def test_sessions_of_state_staff_end_after_15_minutes(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    assert client.get("/account").status_code == 200
    with transaction(database.owner_engine) as session:
        session.execute(update(SessionRow).values(last_seen_at=SessionRow.last_seen_at - timedelta(minutes=16)))
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("address", "headers", "extends"),
    [
        ("/account", {}, True),
        ("/account", {"X-CVMS-Poll": "1"}, False),
        ("/account/session?poll=1", {}, False),
    ],
)
def test_a_page_that_asks_by_itself_never_extends_the_session(database, client, address, headers, extends):
    make_account(database.app_engine)
    sign_in(client)
    with transaction(database.owner_engine) as session:
        session.execute(update(SessionRow).values(last_seen_at=SessionRow.last_seen_at - timedelta(minutes=20)))
        before = session.scalars(select(SessionRow.last_seen_at).where(SessionRow.ended_at.is_(None))).one()
    assert client.get(address, headers=headers).status_code == 200
    with transaction(database.owner_engine) as session:
        after = session.scalars(select(SessionRow.last_seen_at).where(SessionRow.ended_at.is_(None))).one()
    assert (after > before) is extends


def test_the_button_of_the_warning_extends_the_session(database, client):
    make_account(database.app_engine)
    sign_in(client)
    with transaction(database.owner_engine) as session:
        session.execute(update(SessionRow).values(last_seen_at=SessionRow.last_seen_at - timedelta(minutes=29)))
    left = client.get("/account/session?poll=1").json["seconds_left"]
    assert left <= 60
    page = client.get("/account/session?poll=1", headers={"Accept": "text/html"})
    assert page.status_code == 200
    token = client.get("/account", headers={"X-CVMS-Poll": "1"}).get_data(as_text=True).split('data-csrf="')[1]
    answer = client.post("/account/session", headers={"X-CSRFToken": token.split('"')[0]})
    assert answer.json["seconds_left"] == 30 * 60


def test_A2_staff_are_warned_too(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    assert "session-warning" in client.get("/account").get_data(as_text=True)


def test_a_disabled_account_is_out_on_its_next_request(database, client):
    account_id = make_account(database.app_engine)
    sign_in(client)
    with transaction(database.app_engine) as session:
        disable_account(Act(session, SYSTEM, "k"), account_id=account_id, because="test")
    assert client.get("/account").status_code == 302
    assert sign_in(client).status_code == 422


def test_a_change_of_rights_acts_on_the_next_request(database, client, app):
    from models.domain.core.permissions import Permission
    from webapp.core.permissions import current_reach

    account_id = make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    with client:
        client.get("/account")
        assert current_reach(Permission.REVIEW_TASK_DECIDE).everything
    with transaction(database.app_engine) as session:
        assert end_grant(
            Act(session, SYSTEM, "k2"),
            account_id=account_id,
            role=Role.REV,
            scope_type=ScopeType.TEAM,
            scope_id="enrollment",
            because="left",
        )
    with client:
        client.get("/account")
        assert not current_reach(Permission.REVIEW_TASK_DECIDE).allowed


def test_absent_wrong_and_disabled_get_the_same_answer(database, app):
    make_account(database.app_engine)
    account_id = make_account(database.app_engine, "gone@example.org")
    with transaction(database.app_engine) as session:
        disable_account(Act(session, SYSTEM, "k"), account_id=account_id, because="test")
    bodies = set()
    for email, password in [
        ("ana@example.org", "not the password at all"),
        ("nobody@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
        ("not an address", PASSWORD),
    ]:
        answer = post(app.test_client(), "/sign-in", email=email, password=password)
        assert answer.status_code == 422
        bodies.add(words_of(answer).replace(email, ""))
    assert len(bodies) == 1


def words_of(answer):
    import re

    return re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"email": "", "password": ""}, 422),
        ({"email": "ana@example.org"}, 422),
        ({"email": "ana@example.org", "password[]": PASSWORD}, 422),
        ({"email": "ana@example.org", "password": PASSWORD + " "}, 422),
        ({"email": "ana@example.org", "password": "é" * 600}, 422),
        ({"email": "ana@example.org", "password": "x" * 600_000}, 413),
        ({"email": "<script>alert(1)</script>", "password": "' OR 1=1 --"}, 422),
        ({"email": "ana@example.org", "password": "with\x00nul"}, 400),
    ],
)
def test_bad_input_is_refused_and_never_shown_again(database, client, values, status):
    make_account(database.app_engine)
    answer = post(client, "/sign-in", **values)
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    assert PASSWORD not in page
    assert "<script>alert" not in page


def test_no_hash_is_made_of_an_endless_password(database, client, monkeypatch):
    make_account(database.app_engine)
    calls = []
    monkeypatch.setattr("webapp.identity.sessions.signing_in.check_password", lambda *a: calls.append(a) or False)
    post(client, "/sign-in", email="ana@example.org", password="é" * 600)
    assert calls == []


def test_a_form_without_a_token_changes_nothing(database, client, session):
    make_account(database.app_engine)
    answer = client.post("/sign-in", data={"email": "ana@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert session.scalars(select(SessionRow)).all() == []


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/account/password", "/account/password"),
        ("/account?x=1", "/account?x=1"),
        ("//evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("\\\\evil.example", "/account"),
        ("https:evil.example", "/account"),
        ("https://evil.example", "/account"),
        ("/%2f%2fevil.example", "/account"),
        ("/%09/evil.example", "/account"),
        ("javascript:alert(1)", "/account"),
    ],
)
def test_next_leads_only_to_our_own_pages(database, client, wanted, place):
    make_account(database.app_engine)
    answer = sign_in(client, next_page=wanted)
    assert answer.headers["Location"] == place


def test_a_form_of_an_ended_session_leads_to_the_sign_in_page_and_back(database, client):
    make_account(database.app_engine)
    sign_in(client)
    with transaction(database.owner_engine) as session:
        session.execute(update(SessionRow).values(ended_at=text("now()")))
    answer = client.post("/account", data={"csrf_token": "old", "name": "Ana"})
    assert answer.headers["Location"] == "/sign-in?next=/account"
    answer = client.post("/account/sessions/end-others", headers={"Accept": "application/json"})
    assert answer.status_code in {302, 401, 400}


def test_a_script_without_a_session_gets_401(client):
    assert client.get("/account", headers={"Accept": "application/json"}).status_code == 401
    answer = client.get("/account", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/account?a=1"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/account?a%3D1"


def test_every_sign_in_and_refusal_is_in_the_audit_trail(database, client, session):
    make_account(database.app_engine)
    post(client, "/sign-in", email="ana@example.org", password="wrong " * 3)
    sign_in(client)
    found = {(row.action, row.outcome) for row in session.scalars(select(AuditRow))}
    assert ("session.login", "denied") in found
    assert ("session.start", "done") in found


def test_a_visitors_cookie_holds_the_secret_of_forms_and_nothing_else(client, app):
    from itsdangerous import URLSafeSerializer

    client.get("/sign-in")
    kept = URLSafeSerializer(app.config["SECRET_KEY"], salt="cvms anonymous session").loads(cookie(client))
    assert set(kept) == {"csrf_token"}


def test_a_secure_site_has_a_host_cookie(database, settings):
    from dataclasses import replace

    from webapp import create_app

    app = create_app(replace(settings, public_url="https://cvms.example.org"))
    answer = app.test_client().get("/sign-in", base_url="https://cvms.example.org")
    line = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-cvms="))
    assert "Secure" in line
    with app.app_context():
        from webapp.extensions import db

        db.engine.dispose()
