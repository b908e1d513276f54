"""Dangerous acts ask once more who it is, when the last proof is older than ten minutes (S5, S10)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text, update

from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.tables.core.audit import AuditRow
from models.tables.identity.accounts import Account, Attempt, SessionRow
from tests.webapp.accounts import PASSWORD, code_now, make_account, post, sign_in

CONFIRM = "/account/confirm"
DANGEROUS = [
    "/account/passkeys",
    "/account/recovery-codes",
    "/account/second-factor/remove",
    "/account/second-factor/replace",
    "/account/sessions/end-others",
]
OTHERS = [
    "/staff/accounts/new",
    "/staff/accounts/<uuid:account_id>/close",
    "/staff/accounts/<uuid:account_id>/invitation",
    "/staff/accounts/<uuid:account_id>/reopen",
    "/staff/accounts/<uuid:account_id>/roles/end",
    "/staff/accounts/<uuid:account_id>/roles/give",
    "/staff/accounts/<uuid:account_id>/second-step",
]
"""What is done to the accounts of others."""


@pytest.fixture
def staff(database, client):
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    forget_step(database)
    return client


@pytest.fixture
def applicant(database, client):
    make_account(database.app_engine)
    sign_in(client)
    return client


def forget_step(database):
    with transaction(database.owner_engine) as session:
        session.execute(update(Account).values(totp_last_step=None))


def long_ago(database, minutes=11):
    with transaction(database.owner_engine) as session:
        ago = text(f"interval '{minutes} minutes'")
        session.execute(update(SessionRow).values(proved_at=func.db_now() - ago))


def test_the_dangerous_pages_are_these(app):
    views = [(rule.rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]
    assert sorted(rule for rule, view in views if getattr(view, "fresh", False)) == sorted(
        [*DANGEROUS, *OTHERS, "/account/passkeys/options", "/account/passkeys/remove"]
    )


@pytest.mark.parametrize("page", DANGEROUS)
def test_after_ten_minutes_the_code_is_asked_again_and_leads_back(database, staff, page):
    assert CONFIRM not in staff.get(page).headers.get("Location", "")
    long_ago(database, 9)
    assert CONFIRM not in staff.get(page).headers.get("Location", "")
    long_ago(database)
    place = staff.get(page).headers["Location"]
    assert place == f"{CONFIRM}?next={page}"
    assert post(staff, place, code=code_now()).headers["Location"] == page
    assert CONFIRM not in staff.get(page).headers.get("Location", "")


def test_a_form_sent_too_late_does_nothing_and_leads_back(database, staff):
    long_ago(database)
    answer = post(staff, "/account/sessions/end-others", page="/account")
    assert answer.headers["Location"] == f"{CONFIRM}?next=/account/sessions/end-others"


def test_whoever_has_no_second_factor_types_the_password(database, applicant):
    long_ago(database)
    place = applicant.get("/account/sessions/end-others").headers["Location"]
    assert post(applicant, place, current_password="wrong wrong wrong").status_code == 422
    assert post(applicant, place, current_password=PASSWORD).headers["Location"] == "/account/sessions/end-others"
    assert applicant.get("/account/sessions/end-others").status_code == 200


def test_the_password_does_not_do_where_there_is_a_second_factor(database, staff):
    long_ago(database)
    assert post(staff, CONFIRM, current_password=PASSWORD).status_code == 422
    assert staff.get(DANGEROUS[0]).status_code == 303


def test_changing_the_password_is_no_proof_of_the_second_factor(database, staff):
    long_ago(database)
    new = "nine slow otters humming"
    assert post(staff, "/account/password", current_password=PASSWORD, password=new).status_code == 303
    assert CONFIRM in staff.get("/account/recovery-codes").headers["Location"]


def test_the_id_is_new_the_old_one_dead_and_the_end_stays(database, staff, app):
    long_ago(database)
    before = staff.get_cookie("cvms").value
    with transaction(database.owner_engine) as session:
        ends = session.scalars(select(SessionRow.ends_at).where(SessionRow.ended_at.is_(None))).one()
    post(staff, CONFIRM, code=code_now())
    assert staff.get_cookie("cvms").value != before
    thief = app.test_client()
    thief.set_cookie("cvms", before)
    assert thief.get("/account").status_code == 302
    with transaction(database.owner_engine) as session:
        assert session.scalars(select(SessionRow.ends_at).where(SessionRow.ended_at.is_(None))).one() == ends
        assert "session.prove" in session.scalars(select(AuditRow.action)).all()


def test_a_used_code_proves_nothing(database, staff):
    long_ago(database)
    code = code_now()
    assert post(staff, CONFIRM, code=code).status_code == 303
    long_ago(database)
    assert post(staff, CONFIRM, code=code).status_code == 422


def test_proofs_are_braked_like_every_code(database, staff):
    long_ago(database)
    assert [post(staff, CONFIRM, code="000000").status_code for _ in range(6)] == [422] * 5 + [429]
    with transaction(database.owner_engine) as session:
        assert session.scalar(select(func.count()).where(Attempt.action == "second_factor", ~Attempt.succeeded)) == 5


def test_the_way_back_stays_on_our_own_site(database, applicant):
    long_ago(database)
    place = f"{CONFIRM}?next=https://evil.example/"
    assert "evil" not in post(applicant, place, current_password=PASSWORD).headers["Location"]


def test_a_script_is_told_instead_of_led(database, applicant):
    long_ago(database)
    page = "/account/sessions/end-others"
    assert applicant.get(page, headers={"Accept": "application/json"}).json == {"error": "confirm_first"}
    answer = applicant.get(page, headers={"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"})
    assert answer.headers["HX-Redirect"] == f"{CONFIRM}?next={page}"


def test_the_key_of_a_phone_half_connected_is_not_shown_later(database, staff):
    post(staff, "/account/second-factor/replace", current_password=PASSWORD)
    assert staff.get("/account/second-factor/set-up").status_code == 200
    long_ago(database)
    assert CONFIRM in staff.get("/account/second-factor/set-up").headers["Location"]
    assert staff.get("/account/second-factor/qr.svg").status_code == 404
