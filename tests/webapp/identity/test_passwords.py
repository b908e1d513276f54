"""Resetting, setting and changing a password through the pages and the mails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.core.mail.messages import open_secrets
from models.store.identity.accounts import create_account, disable_account, invite_account
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.identity.accounts import Account, SessionRow
from tests.tasks_data import give
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in

NEW = "nine loud ravens walking"
ASK = "/account/forgot"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


def mails(database, template=None):
    with transaction(database.owner_engine) as session:
        found = session.scalars(select(Message).order_by(Message.created_at)).all()
        return [mail for mail in found if template in {None, mail.template}]


def link_of(database, template="password_reset"):
    return open_secrets(mails(database, template)[-1])["path"]


def ask_for_reset(client, email="ana@example.org"):
    return post(client, ASK, email=email)


def test_a_reset_link_sets_a_new_password_and_ends_every_session(database, client, app):
    make_account(database.app_engine)
    other = app.test_client()
    sign_in(other)
    assert ask_for_reset(client).headers["Location"] == "/account/forgot/sent"
    answer = post(client, link_of(database), password=NEW)
    assert answer.headers["Location"] == "/account/reset/done"
    assert client.get("/account/reset/done").status_code == 200
    assert other.get("/account").status_code == 302
    assert sign_in(client).status_code == 422
    assert sign_in(client, password=NEW).status_code == 303
    assert len(mails(database, "password_changed")) == 1


def test_the_link_stands_in_no_readable_column(database, client):
    make_account(database.app_engine)
    ask_for_reset(client)
    token = link_of(database).rsplit("/", 1)[1]
    assert len(token) >= 43
    mail = mails(database, "password_reset")[0]
    assert token not in repr(mail.params)
    assert token.encode() not in mail.sealed
    with transaction(database.owner_engine) as session:
        assert session.scalars(select(Link.token_hash)).one() != token


def test_opening_the_link_five_times_changes_nothing(database, client):
    make_account(database.app_engine)
    ask_for_reset(client)
    path = link_of(database)
    for _ in range(5):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert post(client, path, password=NEW).status_code == 303


def test_a_link_works_once(database, client, app):
    make_account(database.app_engine)
    ask_for_reset(client)
    path = link_of(database)
    post(client, path, password=NEW)
    tokens_page = app.test_client()
    assert post(tokens_page, path, page=ASK, password="another long phrase here").status_code == 410
    assert sign_in(tokens_page, password=NEW).status_code == 303


def test_pressing_twice_gives_the_same_answer(database, client):
    make_account(database.app_engine)
    ask_for_reset(client)
    path = link_of(database)
    page = client.get(path).get_data(as_text=True)
    import re

    tokens = dict(re.findall(r'name="(csrf_token|form_token)" value="([^"]*)"', page))
    answers = [client.post(path, data={**tokens, "password": NEW}) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == ["/account/reset/done"] * 2
    assert len(mails(database, "password_changed")) == 1


def test_a_newer_link_kills_the_older_one(database, client):
    make_account(database.app_engine)
    ask_for_reset(client)
    first = link_of(database)
    ask_for_reset(client)
    second = link_of(database)
    assert first != second
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_a_link_dies_when_the_password_is_changed_another_way(database, client, app):
    make_account(database.app_engine)
    ask_for_reset(client)
    browser = app.test_client()
    sign_in(browser)
    post(browser, "/account/password", current_password=PASSWORD, password=NEW)
    assert client.get(link_of(database)).status_code == 410


def test_a_link_ends_after_30_minutes(database, client):
    make_account(database.app_engine)
    ask_for_reset(client)
    with transaction(database.owner_engine) as session:
        session.execute(update(Link).values(expires_at=Link.expires_at - timedelta(minutes=30)))
    assert client.get(link_of(database)).status_code == 410


def test_every_dead_link_gets_one_page(database, client):
    make_account(database.app_engine)
    ask_for_reset(client)
    path = link_of(database)
    invitation = path.replace("/account/reset/", "/account/invitation/")
    wrong = ["/account/reset/" + name for name in ("x", path[15:-1], path[15:] + "=", "%2e%2e%2fetc", "a" * 10_000)]
    answers = [client.get(address) for address in [*wrong, invitation]]
    assert {answer.status_code for answer in answers} <= {410, 404}
    assert {answer.status_code for answer in answers if "%2f" not in answer.request.path} >= {410}
    assert all(b"ana@example.org" not in answer.data for answer in answers)


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org", "gone@example.org", "new@example.org"])
def test_the_answer_is_the_same_for_every_address_and_a_mail_goes_out_in_every_case(database, client, email):
    make_account(database.app_engine)
    gone = make_account(database.app_engine, "gone@example.org")
    with transaction(database.app_engine) as session:
        disable_account(Act(session, SYSTEM, "k"), account_id=gone, because="test")
        create_account(Act(session, SYSTEM, "k2"), email="new@example.org", name="New", language="es", password=None)
    answer = ask_for_reset(client, email)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/forgot/sent")
    expected = {"ana": "password_reset", "nobody": "no_account", "gone": "no_account", "new": "account_invitation"}
    assert [(mail.to_address, mail.template) for mail in mails(database)] == [(email, expected[email.split("@")[0]])]


def test_at_most_five_mails_an_hour_go_to_one_address(database, client):
    make_account(database.app_engine)
    answers = [ask_for_reset(client, "Ana@Example.org").status_code for _ in range(7)]
    assert answers == [303] * 5 + [429] * 2
    assert len(mails(database, "password_reset")) == 5


def test_a_forged_forwarded_address_does_not_help(database, client):
    for number in range(22):
        page = client.get(ASK)
        assert page.status_code == 200
        with client.session_transaction():
            pass
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}"
        ask_for_reset(client, f"person{number}@example.org")
    assert len(mails(database)) == 20


@pytest.mark.parametrize("email", ["", "ana", "a@b", "x" * 300 + "@example.org", "a@b.co\r\nBcc: c@d.co", "<b>@x.org"])
def test_what_is_no_address_is_refused_beside_the_field(database, client, email):
    answer = ask_for_reset(client, email)
    assert answer.status_code == 422
    assert mails(database) == []


@pytest.mark.parametrize("password", ["", "sh0rt!", "password password 1", "vac2021 vac2021!", "x" * 129, "é" * 600])
def test_a_refused_password_leaves_the_link_alive_and_is_never_shown(database, client, password):
    make_account(database.app_engine)
    ask_for_reset(client)
    path = link_of(database)
    answer = post(client, path, password=password)
    assert answer.status_code == 422
    assert not password or password not in answer.get_data(as_text=True)
    assert post(client, path, password=NEW).status_code == 303


def test_a_reset_never_skips_the_second_factor(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    ask_for_reset(client)
    post(client, link_of(database), password=NEW)
    answer = post(client, "/sign-in", email="ana@example.org", password=NEW)
    assert answer.headers["Location"] == "/account/second-factor"
    assert client.get("/account").headers["Location"] == "/account/second-factor?next=/account"


def test_an_invitation_sets_the_first_password_and_signs_in(database, client):
    with transaction(database.app_engine) as session:
        account_id = create_account(
            Act(session, SYSTEM, "c"), email="new@example.org", name="New", language="en", password=None
        )
        invite_account(Act(session, SYSTEM, "i"), account_id=account_id)
    path = link_of(database, "account_invitation")
    page = client.get(path)
    assert b"new@example.org" not in page.data
    assert sign_in(client, "new@example.org", password=NEW).status_code == 422
    assert post(client, path, password=NEW).status_code == 303
    assert client.get("/account").status_code == 200
    assert mails(database, "password_changed") == []
    assert client.get(path).status_code == 410


def test_an_invitation_of_staff_leads_to_the_second_factor_first(database, client):
    with transaction(database.app_engine) as session:
        account_id = create_account(
            Act(session, SYSTEM, "c"), email="rev@example.org", name="Rev", language="en", password=None
        )
        give(session, account_id, Role.REV)
        invite_account(Act(session, SYSTEM, "i"), account_id=account_id)
    answer = post(client, link_of(database, "account_invitation"), password="twelve chars 7")
    assert answer.headers["Location"] == "/account/second-factor"
    assert client.get("/account").headers["Location"] == "/account/second-factor?next=/account"
    place = client.get("/account/second-factor").headers["Location"]
    assert place == "/account/second-factor/set-up"
    assert client.get(place).status_code == 200


def test_an_invitation_ends_after_48_hours(database, client):
    with transaction(database.app_engine) as session:
        account_id = create_account(
            Act(session, SYSTEM, "c"), email="new@example.org", name="New", language="en", password=None
        )
        invite_account(Act(session, SYSTEM, "i"), account_id=account_id)
    with transaction(database.owner_engine) as session:
        left = session.scalars(select(Link.expires_at - func.db_now())).one()
        assert timedelta(hours=47) < left <= timedelta(hours=48)
        session.execute(update(Link).values(expires_at=Link.expires_at - timedelta(hours=48)))
    assert client.get(link_of(database, "account_invitation")).status_code == 410


def test_changing_the_password_needs_the_old_one(database, client, app):
    make_account(database.app_engine)
    sign_in(client)
    answer = post(client, "/account/password", current_password="not my password", password=NEW)
    assert answer.status_code == 422
    assert "This password is incorrect." in answer.get_data(as_text=True)
    assert sign_in(app.test_client(), password=NEW).status_code == 422


def test_changing_the_password_gives_a_new_session_and_ends_the_others(database, client, app):
    make_account(database.app_engine)
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    old = client.get_cookie("cvms").value
    answer = post(client, "/account/password", current_password=PASSWORD, password=NEW)
    assert answer.headers["Location"] == "/account?saved=password"
    assert client.get("/account").status_code == 200
    assert client.get_cookie("cvms").value != old
    assert other.get("/account").status_code == 302
    with transaction(database.owner_engine) as session:
        assert len(session.scalars(select(SessionRow).where(SessionRow.ended_at.is_(None))).all()) == 1


@pytest.mark.usefixtures("production_hashing")
def test_staff_hashes_are_stronger_and_older_ones_are_renewed_at_sign_in(database, client):
    account_id = make_account(database.app_engine)
    stored = hash_of(database, account_id)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    with transaction(database.app_engine) as session:
        give(session, account_id, Role.REV)
    sign_in(client)
    assert hash_of(database, account_id).startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert sign_in(client).status_code == 303


def hash_of(database, account_id):
    with transaction(database.owner_engine) as session:
        return session.get_one(Account, account_id).password_hash


def test_the_page_of_an_account_changes_name_and_language(database, client):
    make_account(database.app_engine)
    sign_in(client)
    answer = post(client, "/account", name="Ana María Ruiz", language="es")
    assert answer.headers["Location"] == "/account?saved=account&lang=es"
    assert 'lang="es"' in client.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize(
    "values",
    [
        {"name": "", "language": "en"},
        {"name": "x" * 201, "language": "en"},
        {"name": "Ana", "language": "xx"},
    ],
)
def test_a_wrong_name_or_language_is_refused_and_kept(database, client, values):
    make_account(database.app_engine)
    sign_in(client)
    assert post(client, "/account", **values).status_code == 422
    assert "Ana Ruiz" in client.get("/account").get_data(as_text=True)


def test_a_hostile_name_is_shown_as_it_was_typed(database, client):
    make_account(database.app_engine)
    sign_in(client)
    post(client, "/account", name="<script>alert(1)</script>", language="en")
    page = client.get("/account").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_host_of_the_request_stands_in_no_mail(database, client):
    make_account(database.app_engine)
    client.environ_base["HTTP_HOST"] = "evil.example"
    ask_for_reset(client)
    mail = mails(database, "password_reset")[0]
    assert "evil" not in repr((mail.params, open_secrets(mail)))
    assert link_of(database).startswith("/account/reset/")
