"""Typed text survives, in a browser as people have it: Back, an idle session, another tab, another language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from models.domain.core.actors import person
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.core.tasks import claim_task
from tests.enrollment_story import EnrollmentStory
from tests.journeys.secure import browser_with_back, secure_site
from tests.webapp.accounts import PASSWORD, code_now, make_account
from tests.webapp.applicants import ADMIN, START, mails_to, story_of
from tests.webapp.enrollment.forms import a

RIGHT = "ana.right@blueridge.example"
STAFF = "maria@state.example"
TYPED = "The license has expired. Please send the new one."
ADDRESS = {"street": "1 New Road", "city": "Durham", "county": "Durham", "state": "NC", "zip": "27701"}


@pytest.fixture
def site(settings, tmp_path):
    with secure_site(settings, tmp_path) as home:
        yield home


@pytest.fixture
def page(site, one_playwright):
    with browser_with_back(one_playwright) as opened:
        yield opened


def fill(page, **answers):
    for name, text in answers.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def sign_in(page, site, email=ADMIN):
    page.goto(f"{site}/sign-in")
    fill(page, email=email, password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def review_in_hand(database):
    """A review that Maria has taken; the path of its page."""
    maria = make_account(database.app_engine, STAFF, role=Role.REV, team="enrollment", name="Maria")
    story = EnrollmentStory(database)
    story.apply()
    task = next(one for one in story.tasks() if one.team)
    with transaction(database.app_engine) as session:
        claim_task(Act(session, person(maria), "claimed"), task_id=task.id, version=None)
    return f"/tasks/{task.id}"


def go_back(page, place):
    """Press Back; the page comes from the browser's cache, which fires no load event."""
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile(f"{place}$"))
    assert page.evaluate("window.wasKept"), "the browser did not keep the page, so the case was not tried"


@pytest.mark.journey
def test_A1_back_after_a_wrong_address_sends_to_the_right_one(database, site, page):
    page.goto(f"{site}/enrollment/begin/details")
    fill(page, **START)
    page.get_by_role("button", name="Send me the link").click()
    page.wait_for_url("**/sent")
    go_back(page, "details")
    fill(page, email=RIGHT)
    page.get_by_role("button", name="Send me the link").click()
    page.wait_for_url("**/sent")
    assert mails_to(database, ADMIN) == mails_to(database, RIGHT) == ["confirm_enrollment"]


@pytest.mark.journey
def test_A1_back_on_a_section_page_saves_the_correction(database, site, page):
    story = story_of(database)
    sign_in(page, site)
    page.goto(f"{site}/enrollment/sections/{a(story)}/address")
    fill(page, **ADDRESS)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/cmo")
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile("address$"))
    fill(page, city="Raleigh")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile("cmo$"))
    assert story.section().answers["city"] == "Raleigh"


@pytest.mark.journey
def test_A2_a_decision_survives_16_minutes_without_activity(database, site, page):
    place, code = f"{site}{review_in_hand(database)}", "main [name=code]"
    sign_in(page, site, STAFF)
    page.fill(code, code_now())
    page.get_by_role("button", name="Continue").click()
    page.goto(place)
    page.locator("main label[for=outcome-2]").click()
    page.locator("main [name=reason]").fill(TYPED)
    database.shift_clock("16 minutes")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator("main")).to_contain_text("You were signed out after 15 minutes without activity.")
    expect(page.locator("main")).to_contain_text("What you typed is saved.")
    fill(page, email=STAFF, password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.fill(code, code_now(steps_away=32))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main [name=reason]")).to_have_value(TYPED)
    expect(page.locator("main [name=outcome][value=denied]")).to_be_checked()


@pytest.mark.journey
def test_A13_the_first_tab_works_on_after_signing_in_again_in_another(database, site, page):
    story = story_of(database)
    sign_in(page, site)
    page.goto(f"{site}/enrollment/sections/{a(story)}/address")
    other = page.context.new_page()
    other.goto(f"{site}/account")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url(f"{site}/")
    sign_in(other, site)
    fill(page, **ADDRESS)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/cmo")
    assert story.section().answers["city"] == ADDRESS["city"]


@pytest.mark.journey
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_A11_typed_text_stays_in_another_language(database, site, scripts, one_playwright):
    story = story_of(database)
    with browser_with_back(one_playwright, scripts=scripts) as page:
        page.goto(f"{site}/enrollment/begin/details")
        fill(page, **START)
        page.get_by_role("button", name="Español").click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.locator("main [name=email]")).to_have_value(START["email"])
        page.get_by_role("button", name="English").click()
        sign_in(page, site)
        page.goto(f"{site}/enrollment/sections/{a(story)}/address")
        fill(page, **ADDRESS)
        page.get_by_role("button", name="Español").click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.locator("main [name=city]")).to_have_value(ADDRESS["city"])
        page.locator("main [name=zip]").press("Enter")
        page.wait_for_url("**/cmo")


@pytest.mark.journey
def test_A12_coming_back_later_with_one_bad_field_saves_the_rest(database, site, page):
    story = story_of(database)
    sign_in(page, site)
    page.goto(f"{site}/enrollment/sections/{a(story)}/address")
    fill(page, **ADDRESS | {"zip": "2770"})
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.locator("#zip-error")).to_be_visible()
    expect(page.locator("main [name=zip]")).to_have_value("2770")
    assert story.section().answers["city"] == ADDRESS["city"]
    page.goto(f"{site}/enrollment")
    page.goto(f"{site}/enrollment/sections/{a(story)}/address")
    expect(page.locator("main [name=zip]")).to_have_value("2770")


@pytest.mark.journey
def test_what_is_typed_is_kept_by_itself_and_said(database, site, page):
    story = story_of(database)
    sign_in(page, site)
    place = f"{site}/enrollment/sections/{a(story)}/address"
    page.goto(place)
    fill(page, **ADDRESS)
    expect(page.locator("[data-saved]")).to_contain_text("Saved ")
    page.goto(place)
    expect(page.locator("main [name=city]")).to_have_value(ADDRESS["city"])
    page.get_by_role("button", name="Discard this draft").click()
    expect(page.locator("main [name=city]")).to_have_value("")


@pytest.mark.journey
def test_a_page_that_the_browser_kept_is_not_shown_after_signing_out(database, site, page):
    story_of(database)
    sign_in(page, site)
    page.goto(f"{site}/account")
    page.goto(f"{site}/account/sessions")
    other = page.context.new_page()
    other.goto(f"{site}/account")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url(f"{site}/")
    page.go_back(wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert ADMIN not in page.content()
