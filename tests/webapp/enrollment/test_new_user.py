"""What a new user met in the browser: an own invitation, two offices, a second beginning (U1, U2, U3)."""

from __future__ import annotations

from flask import Flask

from models.domain.enrollment.lifecycle import SectionKind, SectionState
from tests.database import Database
from tests.store.enrollment.test_one_signer import BOTH, ONE_PERSON
from tests.webapp.accounts import PASSWORD
from tests.webapp.applicants import ADMIN, LOCATION, START, browser, link_for, mails_to, post_form, story_of
from tests.webapp.enrollment.forms import a, b


def test_U1_the_own_section_stands_in_the_list_and_what_is_missing_is_linked(app: Flask, database: Database) -> None:
    story = story_of(database)
    client = browser(app, ADMIN)
    added = post_form(client, f"/enrollment/{story.id}/locations/add", **LOCATION | {"coordinator_email": ADMIN})
    assert added.status_code == 303
    story.process()
    page = client.get(f"/enrollment/{story.id}").get_data(as_text=True)
    assert "Section B: Boone" in page
    assert "Coordinator invited" not in page
    assert f"/enrollment/sections/{b(story)}/capacity" in page
    assert "join_location" not in mails_to(database, ADMIN)
    check = client.get(f"/enrollment/sections/{b(story)}/check").get_data(as_text=True)
    assert "Still to answer" in check
    assert f"/enrollment/sections/{b(story)}/capacity?back=check#refrigerated_vials" in check


def test_U2_one_page_takes_both_signatures(app: Flask, database: Database) -> None:
    story = story_of(database)
    story.save(a(story), ONE_PERSON)
    story.list_location()
    story.complete(a(story))
    story.process(2)
    place = link_for(database, BOTH, "sign_section")
    client = browser(app)
    page = client.get(place).get_data(as_text=True)
    assert "Chief medical officer, Chief executive officer" in page
    signed = post_form(client, place, typed_name="Carla Núñez", confirmed="y")
    assert signed.status_code == 303
    assert story.section(SectionKind.A).state == SectionState.SIGNED
    receipt = client.get(signed.location).get_data(as_text=True)
    assert "Chief medical officer, Chief executive officer" in receipt


def test_U2_a_page_with_other_texts_is_not_signed(app: Flask, database: Database) -> None:
    story = story_of(database)
    story.save(a(story), ONE_PERSON)
    story.list_location()
    story.complete(a(story))
    story.process(2)
    place = link_for(database, BOTH, "sign_section")
    only = {"text_hash": story.signatures()[0].text_hash}
    refused = post_form(browser(app), place, typed_name="Carla Núñez", confirmed="y", **only)
    assert refused.status_code == 409
    assert not any(one.signed_at for one in story.signatures())


def test_U3_the_older_link_is_over_and_a_second_enrollment_is_asked_about(app: Flask, database: Database) -> None:
    story_of(database)
    client = browser(app)
    given = START | {"email": "dee@blueridge.example", "name": "Dee Fox"}
    links = []
    for name in ("Blue Ridge Practice", "Blue Ridge Family"):
        assert post_form(client, "/enrollment/begin/details", **given | {"organization_name": name}).status_code == 303
        links.append(link_for(database, "dee@blueridge.example", "confirm_enrollment"))
    assert client.get(links[0]).status_code == 410
    page = client.get(links[1]).get_data(as_text=True)
    assert "Has your organization applied already?" in page
    assert "ana@blueridge.example" not in page
    asked = post_form(client, links[1], password=PASSWORD)
    assert asked.status_code == 422
    assert "check the box" in asked.get_data(as_text=True)
    assert post_form(client, links[1], password=PASSWORD, separate="y").status_code == 303
