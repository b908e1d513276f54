"""The page of the own sessions: it shows every browser, and ends one or all others at once (P32, S7)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from models.postgres.database import transaction
from models.tables.core.audit import AuditRow
from tests.webapp.accounts import make_account, post, sign_in

PAGE = "/account/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1"


@pytest.fixture
def two(database, app):
    """A person at a desk and on the phone."""
    make_account(database.app_engine)
    return browser(app, FIREFOX), browser(app, IPHONE)


def browser(app, agent, email="ana@example.org"):
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    sign_in(client, email)
    return client


def text_of(client):
    return client.get(PAGE).get_data(as_text=True)


def handles(client):
    return re.findall(r'name="session" value="([0-9a-f]{64})"', text_of(client))


def endings(database):
    with transaction(database.owner_engine) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "session.end"))
        return [row.detail["reason"] for row in rows]


def test_the_page_names_every_browser_and_marks_this_one(two):
    desk, _phone = two
    page = text_of(desk)
    assert page.index("Firefox Linux") < page.index("This device") < page.index("Safari iPhone")
    assert page.count("This device") == 1
    assert "Mozilla" not in page


def test_neither_id_nor_hash_of_a_session_stands_on_the_page(two, database):
    from models.crypto.sealing import hash_token

    desk, _phone = two
    page = text_of(desk)
    for client in two:
        sid = client.get_cookie("cvms").value
        assert sid not in page
        assert hash_token(sid) not in page


def test_ending_one_ends_it_at_once_and_no_other(two, database):
    desk, phone = two
    [of_phone] = handles(desk)
    answer = post(desk, PAGE, session=of_phone)
    assert answer.headers["Location"] == f"{PAGE}?saved=one"
    assert phone.get("/account").headers["Location"] == "/sign-in?next=/account"
    assert "We signed out that device." in desk.get(f"{PAGE}?saved=one").get_data(as_text=True)
    assert handles(desk) == []
    assert endings(database) == ["ended_by_owner"]


def test_a_strangers_session_cannot_be_ended_and_looks_like_none(two, database, app):
    desk, _phone = two
    make_account(database.app_engine, "ben@example.org")
    stranger = browser(app, FIREFOX, "ben@example.org")
    [of_phone] = handles(desk)
    for handle in (of_phone, "0" * 64, "", "' OR 1=1"):
        assert post(stranger, PAGE, session=handle).headers["Location"] == f"{PAGE}?saved=one"
    assert endings(database) == []
    assert len(handles(desk)) == 1


def test_this_session_is_not_ended_by_its_own_handle(two):
    from models.crypto.sealing import hash_token
    from models.queries.identity.sessions import OwnSession

    desk, _phone = two
    own = OwnSession(hash_token(desk.get_cookie("cvms").value), "", None, None, True)
    post(desk, PAGE, session=own.handle)
    assert desk.get(PAGE).status_code == 200


def test_signing_out_everywhere_else_keeps_this_session(two, database):
    desk, phone = two
    assert post(desk, f"{PAGE}/end-others").headers["Location"] == f"{PAGE}?saved=others"
    assert desk.get("/account").status_code == 200
    assert phone.get("/account").status_code == 302
    assert endings(database) == ["ended_by_owner"]


def test_looking_at_the_question_ends_nothing(two):
    desk, phone = two
    assert desk.get(f"{PAGE}/end-others").status_code == 200
    assert phone.get("/account").status_code == 200
