"""Typed text survives: an ended session, another tab, another language, a bad field, Back; and who may see it."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import text

from models.crypto.sealing import vault
from models.domain.core.actors import SYSTEM, person
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.core.drafts import sweep_drafts
from models.store.core.tasks import claim_task
from models.store.organizations.locations import create_organization
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import PASSWORD, code_now, make_account, post, sign_in
from tests.webapp.applicants import ADMIN, START, browser, hidden, link_for
from tests.webapp.enrollment.forms import a, awaiting, draft, filled
from tests.webapp.pressing import page_of, press

MARIA, JOHN = "maria@state.example", "john@state.example"
TYPED = "The license Zzcanary has expired."
MARK = re.compile(r'name="_mark" value="([^"]+)"')


def staff(database, email):
    return make_account(database.app_engine, email, role=Role.REV, team="enrollment", name=email.title())


@pytest.fixture
def review(database, client):
    """A review in Maria's hand, its page open; the address of its decision."""
    maria = staff(database, MARIA)
    story = EnrollmentStory(database)
    story.apply()
    task = next(one for one in story.tasks() if one.team)
    with transaction(database.app_engine) as session:
        claim_task(Act(session, person(maria), "claimed"), task_id=task.id, version=None)
    sign_in(client, MARIA)
    return f"/tasks/{task.id}"


def drafts(database):
    with database.owner_engine.begin() as connection:
        return [bytes(row) for row in connection.execute(text("SELECT sealed FROM drafts")).scalars() if row]


def decide(client, page, place, **more):
    return press(client, page, f"{place}/decide", outcome="denied", reason=TYPED, **more)


def sign_in_later(client, email, minutes):
    """Sign in when the database's clock is so many minutes ahead."""
    place = post(client, "/sign-in", email=email, password=PASSWORD).headers["Location"]
    return post(client, place, code=code_now(steps_away=2 * minutes))


def idle(database, client, place):
    """Send the decision after 16 minutes without activity."""
    page = page_of(client, place)
    database.shift_clock("16 minutes")
    return decide(client, page, place)


def test_A2_what_was_typed_survives_an_idle_session_and_the_page_says_why(database, client, review):
    answer = idle(database, client, review)
    said = html.unescape(page_of(client, answer.location))
    assert "You were signed out after 15 minutes without activity. What you typed is saved." in said
    sign_in_later(client, MARIA, 16)
    page = html.unescape(page_of(client, review))
    assert TYPED in page
    assert "We kept what you typed." in page
    assert decide(client, page, review).status_code == 303
    assert drafts(database) == []


def test_A2_nobody_else_sees_it_and_it_is_sealed(database, app, client, review):
    idle(database, client, review)
    [sealed] = drafts(database)
    assert b"Zzcanary" not in sealed
    staff(database, JOHN)
    other = app.test_client()
    sign_in_later(other, JOHN, 16)
    assert "Zzcanary" not in page_of(other, review)


def test_A2_a_form_of_somebody_elses_ended_session_keeps_nothing(database, app, client, review):
    page = page_of(client, review)
    staff(database, JOHN)
    other = app.test_client()
    sign_in(other, JOHN)
    database.shift_clock("16 minutes")
    answer = decide(other, page, review)
    assert "kept=" not in answer.location
    assert drafts(database) == []


def test_A2_opening_a_page_after_the_end_says_why_too(database, client, review):
    database.shift_clock("16 minutes")
    assert "after 15 minutes" in page_of(client, client.get("/tasks").location)


def test_A13_a_form_goes_on_after_signing_in_again_in_another_tab(database, client, review):
    page = page_of(client, review)
    post(client, "/sign-out", page="/account")
    database.shift_clock("1 minute")
    sign_in_later(client, MARIA, 1)
    assert decide(client, page, review).status_code == 303


def test_A13_another_person_is_told_the_cause_and_keeps_the_text(database, client, review):
    page = page_of(client, review)
    staff(database, JOHN)
    post(client, "/sign-out", page="/account")
    sign_in(client, JOHN)
    answer = decide(client, page, review)
    said = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert "This form was opened by someone else" in said
    assert f"You are signed in as {JOHN.title()} now." in said
    assert TYPED in said
    assert drafts(database) == []


def test_A13_half_a_session_gives_no_token_for_a_whole_one(app, client, review):
    """Whoever knows the password but not the second factor cannot make a form for the person."""
    thief = app.test_client()
    half = post(thief, "/sign-in", email=MARIA, password=PASSWORD).headers["Location"]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page_of(thief, half))[1]
    assert decide(client, page_of(client, review), review, csrf_token=token).status_code == 400


def test_a_decision_that_comes_too_late_shows_what_was_typed(database, app, client, review):
    page = page_of(client, review)
    with transaction(database.owner_engine) as session:
        session.execute(text("UPDATE tasks SET status = 'withdrawn', version = version + 1 WHERE team IS NOT NULL"))
    answer = decide(client, page, review)
    assert answer.status_code == 409
    assert TYPED in html.unescape(answer.get_data(as_text=True))


def test_a_refusal_without_a_form_shows_what_was_typed(wanda, story, database):
    data = {**hidden(wanda, address_page(story)), **MINE}
    with transaction(database.owner_engine) as session:
        session.execute(text("UPDATE enrollments SET state = 'in_review'"))
    answer = wanda.post(address_page(story), data=data)
    assert answer.status_code == 409
    assert "1 New Road" in answer.get_data(as_text=True)


def address_page(story):
    return f"/enrollment/sections/{a(story)}/address"


MINE = {"street": "1 New Road", "city": "Durham", "county": "Durham", "state": "NC", "zip": "27701"}


@pytest.fixture
def story(database):
    return filled(database)


@pytest.fixture
def wanda(app, story):
    return browser(app, ADMIN)


def test_A1_back_on_a_section_page_corrects_what_was_saved(wanda, story):
    open_page = hidden(wanda, address_page(story))
    for city in ("Raleigh", "Durham", "Raleigh"):
        answer = wanda.post(address_page(story), data={**open_page, "then": "continue", **MINE, "city": city})
        assert answer.status_code == 303
        assert story.section().answers["city"] == city


def test_A1_back_over_somebody_elses_change_compares(wanda, story):
    open_page = {**hidden(wanda, address_page(story)), "then": "continue", **MINE}
    wanda.post(address_page(story), data=open_page)
    story.save(a(story), {"city": "Asheville"}, story.second_administrator())
    answer = wanda.post(address_page(story), data={**open_page, "city": "Raleigh"})
    assert answer.status_code == 409
    assert "Saved by somebody else: Asheville" in answer.get_data(as_text=True)
    assert 'value="Raleigh"' in answer.get_data(as_text=True)


def test_A11_another_language_keeps_what_was_typed(database, wanda, story):
    answer = wanda.post(address_page(story), data={**hidden(wanda, address_page(story)), **MINE, "_keep": "es"})
    page = page_of(wanda, answer.location)
    assert '<html lang="es"' in page
    assert 'value="1 New Road"' in page
    assert story.section().answers["street"] == "12 Main Street"


def test_A11_a_visitors_text_is_carried_along_and_not_kept(database, client):
    page = page_of(client, "/enrollment/begin/details")
    data = {**START, "_keep": "es", "_mark": MARK.search(page)[1]}
    answer = post(client, "/enrollment/begin/details", **data)
    said = answer.get_data(as_text=True)
    assert '<html lang="es"' in said
    assert f'value="{START["email"]}"' in said
    assert "error" not in said
    assert answer.headers.getlist("Set-Cookie")
    assert drafts(database) == []


def test_A12_coming_back_later_saves_what_is_right_and_marks_the_rest(database, wanda, story):
    bad = {**MINE, "zip": "2770", "then": "later"}
    answer = wanda.post(address_page(story), data={**hidden(wanda, address_page(story)), **bad})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="zip-error"' in said
    assert 'value="2770"' in said
    assert "We saved your other answers." in said
    assert story.section().answers["street"] == "1 New Road"
    assert story.section().answers["zip"] == "28607"
    assert 'value="2770"' in page_of(wanda, address_page(story))


def autosave(client, place, data):
    return client.post(place, data={**data, "_keep": "draft"}, headers={"Accept": "application/json"})


def test_a_draft_is_kept_shown_and_gone_on_submission_also_when_an_autosave_comes_late(database, wanda, story):
    place, data = address_page(story), {**hidden(wanda, address_page(story)), **MINE}
    assert autosave(wanda, place, data).json["said"].startswith("Saved ")
    assert 'value="1 New Road"' in page_of(wanda, place)
    assert wanda.post(place, data=data).status_code == 303
    autosave(wanda, place, data)
    assert drafts(database) == []


def test_a_draft_over_an_older_version_is_compared(wanda, story):
    autosave(wanda, address_page(story), {**hidden(wanda, address_page(story)), **MINE})
    story.save(a(story), {"city": "Asheville"}, story.second_administrator())
    page = page_of(wanda, address_page(story))
    assert "City: Asheville" in page
    assert 'value="Durham"' in page


def test_a_draft_can_be_discarded_and_goes_after_seven_days(database, wanda, story):
    place, data = address_page(story), {**hidden(wanda, address_page(story)), **MINE}
    autosave(wanda, place, data)
    assert wanda.post(place, data={**data, "_keep": "forget"}).status_code == 303
    assert drafts(database) == []
    autosave(wanda, place, {**data, "form_token": "0" * 32})
    database.shift_clock("8 days")
    with transaction(database.worker_engine) as session:
        assert sweep_drafts(session) == 1


def test_signing_out_offers_to_delete_drafts(database, wanda, story):
    autosave(wanda, address_page(story), {**hidden(wanda, address_page(story)), **MINE})
    answer = post(wanda, "/sign-out", page="/account")
    page = answer.get_data(as_text=True)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "We keep 1 draft of yours" in page
    assert wanda.get("/account").status_code == 302
    assert "Your drafts are deleted" in press(wanda, page, "/sign-out").get_data(as_text=True)
    assert drafts(database) == []


def test_secrets_visitors_and_signing_in_leave_no_draft(database, client, app):
    story = draft(database)
    assert "_mark" in page_of(client, "/sign-in")
    typed = {"email": ADMIN, "password": PASSWORD, "_keep": "draft"}
    mark = MARK.search(page_of(client, "/sign-in"))[1]
    assert post(client, "/sign-in", **typed, _mark=mark).json["said"] == ""
    wanda = browser(app, ADMIN)
    for place in ("/account/password", "/account/second-factor/add"):
        assert "_mark" not in page_of(wanda, place)
    data = {**hidden(wanda, f"/enrollment/{story.id}/withdraw"), "reason": "x", "new_password": "Zz", "code": "123456"}
    mark = MARK.search(page_of(wanda, f"/enrollment/{story.id}/withdraw"))[1]
    autosave(wanda, f"/enrollment/{story.id}/withdraw", {**data, "_mark": mark})
    with database.owner_engine.begin() as connection:
        sealed = connection.execute(text("SELECT sealed FROM drafts")).scalar_one()
    assert b'"reason", "x"' in vault().open(bytes(sealed))
    assert b"Zz" not in vault().open(bytes(sealed))
    assert b"123456" not in vault().open(bytes(sealed))


def test_the_holder_of_a_link_has_drafts_and_nobody_else_sees_them(database, app):
    awaiting(database)
    place = link_for(database, "ceo@blueridge.example", "sign_section")
    signer = app.test_client()
    autosave(signer, place, {**hidden(signer, place), "typed_name": "Erik Ol", "confirmed": "y"})
    page = page_of(app.test_client(), place)
    assert 'value="Erik Ol"' in page
    assert "checked" not in page
    others = page_of(signer, link_for(database, "cmo@blueridge.example", "sign_section"))
    assert 'value="Erik Ol"' not in others


def test_a_mark_of_another_form_or_person_keeps_nothing(database, app, wanda, story):
    mark = MARK.search(page_of(wanda, address_page(story)))[1]
    data = {**hidden(wanda, address_page(story)), **MINE}
    assert autosave(wanda, f"/enrollment/{story.id}/withdraw", {**data, "_mark": mark}).status_code == 400
    eve = app.test_client()
    make_account(database.app_engine, "eve@example.org", role=Role.ORG, organization=story_of_other(database))
    sign_in(eve, "eve@example.org")
    own = {**data, "csrf_token": hidden(eve, "/account")["csrf_token"], "_mark": mark}
    assert autosave(eve, address_page(story), own).status_code == 409
    assert drafts(database) == []


def story_of_other(database):
    with transaction(database.app_engine) as session:
        return create_organization(Act(session, SYSTEM, "evil"), name="Evil")
